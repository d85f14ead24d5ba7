"""How is a bank's own model fed, and what does it answer? Pixels as its manifest says, and its first output."""

import numpy as np
from numpy.typing import NDArray

from app.gateways.vision.decoding import Pixels
from app.gateways.vision.face_network.session import session_of
from app.gateways.vision.own_models.manifest import ManifestRefused, Opened

Numbers = NDArray[np.float32]


class NoAnswer(Exception):
    """The model answered with something that is not finite."""


class OwnModel:
    """Holds the session."""

    def __init__(self, model: Opened) -> None:
        """Raises ManifestRefused where it cannot be run as its manifest says; an answer of grey is asked for at once."""
        self.manifest, side = model.manifest, model.manifest.input.side
        try:
            self._session = session_of(model.octets)
            (source,) = self._session.get_inputs()
            self._source = source.name
            grey = self.table(np.full((side, side, 3), 127, np.uint8))
            self.columns, self.size = grey.shape[1], grey.size
        except (
            Exception
        ) as wrong:  # onnxruntime's have no common name; whatever it is, the process does not start with it
            raise ManifestRefused(f"{model.manifest.file}: does not answer to one picture of {side} px") from wrong

    def answer(self, picture: Pixels) -> Numbers:
        """Its first output, flat, to a picture (side, side, 3) RGB; raises NoAnswer."""
        return self.table(picture).ravel()

    def table(self, picture: Pixels) -> Numbers:
        """The same in rows as long as its last dimension."""
        given = self.manifest.input
        turned = picture if given.colour == "rgb" else picture[:, :, ::-1]
        fed = ((turned.astype(np.float32) - given.mean) / given.scale).transpose(2, 0, 1)[None]
        found = np.asarray(
            self._session.run(None, {self._source: np.ascontiguousarray(fed, np.float32)})[0], np.float32
        )
        if not np.isfinite(found).all():
            raise NoAnswer
        return found.reshape(-1, found.shape[-1] if found.ndim else 1)
