"""Of whose faces is a fit learned? Of photographs in a folder, or of those that are enrolled; both end in one signed file."""

import asyncio
from pathlib import Path

import typer

from app.building import ground
from app.building.policies import policies_of
from app.cli._ending import cannot
from app.cli._face_files import choice_of, looked_at
from app.cli._face_pictures import PICTURES
from app.core.clock import SystemClock
from app.core.refusal import Unavailable
from app.gateways.vision.pooled import Lookers
from app.services.gallery_fit import GalleryFit, NotAssessed
from app.settings import Settings
from app.verification.faces.fit import Fit
from app.verification.faces.learning import TooFewPeople, learned


def of_folder(settings: Settings, folder: Path, population: str, processes: int) -> Fit:
    """Of unlabelled photographs of one face each; ends the command where they are of too few people."""
    pictures = [each for each in sorted(folder.rglob("*")) if each.suffix.lower() in PICTURES and each.is_file()]
    if not pictures:
        cannot(f"{folder}: holds no pictures ({', '.join(sorted(PICTURES))})")
    seen = looked_at(pictures, settings, processes=processes)
    rows = [seen.faces[each] for each in sorted(seen.faces)]
    try:
        found = learned(rows, model=seen.model, population=population, made_on=SystemClock().now().date())
    except TooFewPeople as reason:
        cannot(f"{folder}: {len(seen.faces)} of {len(pictures)} pictures show one face ({seen.lost}); {reason}")
    typer.echo(
        f"{found.pictures} pictures of about {found.people} people, {len(seen.unusable)} of no use ({seen.lost})"
    )
    if not found.repeated:
        typer.echo(
            "hardly anybody has two pictures that show it: with several of each person a fit refuses fewer", err=True
        )
    return found


def of_gallery(settings: Settings, population: str) -> Fit:
    """Of the enrolled faces of those who agreed to it; ends the command where that is off, or they are too few."""
    try:
        found = asyncio.run(_learned(settings, population))
    except (NotAssessed, TooFewPeople, Unavailable) as reason:
        cannot(f"the enrolled faces: {reason}")
    typer.echo(f"one enrolled face each of {found.people} people")
    return found


async def _learned(settings: Settings, population: str) -> Fit:
    base = await ground(settings)
    try:
        async with Lookers(1, choice_of(settings)) as lookers:
            model = lookers.model
        learning = GalleryFit(base.journal, base.vault, policies_of(settings), model)
        return await learning.learn(population, base.clock.now().date())
    finally:
        await base.database.close()
