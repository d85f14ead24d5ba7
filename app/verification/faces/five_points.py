"""Which five places of a face are known? The corners of both eyes and the nose; left and right as seen in the picture."""

from dataclasses import dataclass

from app.verification.examination import Point

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels."""


@dataclass(frozen=True, slots=True)
class Landmarks:
    """Three places on a face; left and right as seen in the picture."""

    left_eye: Point
    """The middle between its corners."""
    right_eye: Point
    nose: Point
    """Where it meets the lip."""


@dataclass(frozen=True, slots=True)
class FivePoints:
    """In pixels of the picture the face was found in."""

    left_outer: Point
    """The corner of the eye towards the ear."""
    left_inner: Point
    """The corner towards the nose."""
    right_inner: Point
    right_outer: Point
    nose: Point
    """Where it meets the lip."""

    @property
    def landmarks(self) -> Landmarks:
        """Three places: the middles of the eyes, and the nose."""
        return Landmarks(
            left_eye=_middle(self.left_outer, self.left_inner),
            right_eye=_middle(self.right_outer, self.right_inner),
            nose=self.nose,
        )

    def scaled(self, factor: float) -> "FivePoints":
        """The same places in a picture that is larger by this factor."""
        points = (self.left_outer, self.left_inner, self.right_inner, self.right_outer, self.nose)
        return FivePoints(*((factor * x, factor * y) for x, y in points))

    def turned_over(self, width: int) -> "FivePoints":
        """The same in the mirror image of a picture so wide."""

        def over(point: Point) -> Point:
            return width - point[0], point[1]

        return FivePoints(
            over(self.right_outer),
            over(self.right_inner),
            over(self.left_inner),
            over(self.left_outer),
            over(self.nose),
        )


def _middle(first: Point, second: Point) -> Point:
    return (first[0] + second[0]) / 2, (first[1] + second[1]) / 2
