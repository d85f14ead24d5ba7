"""What is somebody told while they perform a liveness challenge? The same words over a socket and in the answer to a batch."""

from typing import Annotated, Literal, assert_never

from pydantic import BaseModel, Field

from app.services.performance import News, ShownHint, ShownStep
from app.verification.faces.liveness.hints import Hint
from app.verification.faces.liveness.steps import COLOUR_MS, LIGHTS, STEPS_ASKED, Colour, Step


class ToldStep(BaseModel):
    """Ask for a step, before a neutral page, until something else is told."""

    say: Literal["step"] = Field("step", description="`step`")
    number: int = Field(description="which one, from 1")
    of: int = Field(STEPS_ASKED, description="how many there will be")
    step: Step = Field(description="what to do; left and right are the person's own")


class ToldColour(BaseModel):
    """Fill the screen with a colour, and ask to look straight at it."""

    say: Literal["colour"] = Field("colour", description="`colour`")
    colour: str = Field(description="as CSS names it")
    for_ms: int = Field(COLOUR_MS, description="how long at least, milliseconds")


class ToldHint(BaseModel):
    """What would help to be seen."""

    say: Literal["hint"] = Field("hint", description="`hint`")
    code: Hint | None = Field(description="null: nothing any more")


class ToldFinished(BaseModel):
    """It succeeded; the picture that will be compared was chosen from the frames."""

    say: Literal["finished"] = Field("finished", description="`finished`")


Told = Annotated[ToldStep | ToldColour | ToldHint | ToldFinished, Field(discriminator="say")]


def told(news: News) -> ToldStep | ToldColour | ToldHint:
    """In the words of the interface."""
    match news:
        case ShownStep(number, step):
            return ToldStep(number=number, step=step)
        case ShownHint(code):
            return ToldHint(code=code)
        case Colour():
            return ToldColour(colour="#{:02x}{:02x}{:02x}".format(*LIGHTS[news]))
        case _:
            assert_never(news)
