"""Which limits does a decision use? Each with a value and where it comes from; the values stand in the policies' TOML."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Threshold:
    """A limit and where it comes from."""

    value: float
    origin: str


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Every limit a decision uses; `least` and `most` are themselves still good enough, `below` is not."""

    face_accept: Threshold
    """Distance: at most this is accepted."""
    face_reject: Threshold
    """Distance: above this is rejected, up to it is referred."""
    field_sure: Threshold
    """Confidence from which a field counts as read; nothing is rejected on a field read less surely."""
    card_blur_least: Threshold
    card_glare_most: Threshold
    """Share of the document under a lamp's mirror image, where nobody knows what stands there."""
    card_brightness_least: Threshold
    card_brightness_most: Threshold
    card_width_least_px: Threshold
    card_evenness_least: Threshold
    """Light on the darkest place along the document's edge over the light where it is well lit."""
    card_tilt_most_degrees: Threshold
    card_covered_most: Threshold
    """Share of the canvas."""
    card_noise_most: Threshold
    """Grey levels."""
    card_compression_most: Threshold
    """Step of the slowest waves."""
    cards_most: Threshold
    field_blur_least: Threshold
    field_burnt_most: Threshold
    """Share of a field, or of the portrait, under a lamp's mirror image."""
    field_overexposed_most: Threshold
    """Share of a field that is burnt out where the whole card is lit too strongly."""
    field_covered_most: Threshold
    """Share of a field."""
    field_brightness_least: Threshold
    """Grey level of the paper."""
    field_evenness_least: Threshold
    """Light on a field's darkest paper over the light where the card is well lit."""
    field_contrast_least: Threshold
    """Share of the paper's light that the print takes."""
    face_eye_distance_least_px: Threshold
    face_share_least: Threshold
    face_blur_least: Threshold
    face_brightness_least: Threshold
    face_brightness_most: Threshold
    face_turn_most: Threshold
    face_pitch_most: Threshold
    """How far the nose may stand above or below where it does of who looks straight, over the distance of the eyes."""
    face_cut_most: Threshold
    """Share of the face's box outside the picture."""
    face_eye_burnt_most: Threshold
    """Share of the patch around an eye under a lamp's mirror image in glasses."""
    face_candidate_most: Threshold
    """Distance up to which an enrolled face is shown to a person beside an applicant's, where no calibration says what a score is worth."""
    face_candidate_strangers_most: Threshold
    """Strangers that a search may find beside an honest applicant, by the FMR that was measured: N × FMR (R94)."""
    face_reference_most_years: Threshold
    """Age of an enrolled photograph from which on its comparisons warn."""
    face_background_below: Threshold
    """Area over the largest face's: a smaller one is in the background, and nobody takes it for the applicant."""
    capture_gap_below_seconds: Threshold
    recapture_pattern_most: Threshold
    recapture_pattern_sure_most: Threshold
    """The same, of a poor picture."""
    recapture_fringes_most: Threshold
    recapture_frame_most: Threshold
    recapture_bands_most: Threshold
    copy_colour_least: Threshold
    copy_dots_most: Threshold
    copy_dots_sure_most: Threshold
    """The same, of a poor picture."""
    copy_emblem_red_least: Threshold
    digits_uneven_most: Threshold
    noise_differs_most: Threshold
    portrait_edge_most: Threshold
    portrait_noise_differs_most: Threshold
    liveness_turn_least_degrees: Threshold
    """Of one step, as measured from five points."""
    liveness_look_up_least_degrees: Threshold
    liveness_look_down_least_degrees: Threshold
    liveness_tilt_least_degrees: Threshold
    liveness_nearness_least_factor: Threshold
    liveness_returned_most: Threshold
    """Share of a step at which a head counts as back."""
    liveness_reaction_least_ms: Threshold
    liveness_step_least_ms: Threshold
    liveness_step_possible_ms: Threshold
    """From being shown to being done: in less nobody reads a step, does it and is back."""
    liveness_step_most_ms: Threshold
    liveness_total_most_ms: Threshold
    liveness_straightness_least: Threshold
    """Way needed over way gone."""
    liveness_astray_most: Threshold
    """How far another step was done before the one asked for; 1 is all of it."""
    liveness_faceless_most_ms: Threshold
    liveness_other_faces_most: Threshold
    """Frames."""
    liveness_gap_most_ms: Threshold
    liveness_clocks_apart_most_ms: Threshold
    liveness_batch_most_ms: Threshold
    """How long before its batch came a frame is believed to have been filmed."""
    liveness_overlap_least: Threshold
    """Intersection over union, of what moves for a tenth of a second."""
    liveness_growth_most: Threshold
    """Factor in a tenth of a second."""
    liveness_growth_nearing_most: Threshold
    """The same on the way nearer or back, when that was asked for."""
    liveness_repeated_most: Threshold
    """Frames."""
    liveness_stalled_most: Threshold
    """Frames in a row, each like the one before it, that a camera makes which has no new picture yet."""
    liveness_difference_least: Threshold
    """Grey levels between the two frames most alike."""
    liveness_described_least: Threshold
    """Frames."""
    liveness_descriptors_apart_most: Threshold
    """Distance of the network's descriptors, or as a fit measures it; of faces at rest."""
    liveness_moving_apart_most: Threshold
    """The same, of a face that moves from the mean of those at rest."""
    liveness_colour_least: Threshold
    """Correlation of the skin's answer with the colours shown."""
    liveness_colour_strength_least: Threshold
    """Of that answer, in log units: a picture tinted as a whole answers a little where it is burnt out, and in step."""
    liveness_colour_lag_most_ms: Threshold
    liveness_colour_own_lag_most_ms: Threshold
    """Of an answer, beyond a round of the line: what is later than both was not late through the line."""
    liveness_colours_foreign_most: Threshold
    """Frames in which the skin shows a colour that nobody had shown it."""
    liveness_texture_least: Threshold
    liveness_spectrum_most: Threshold
    liveness_edges_most: Threshold
    liveness_pad_least: Threshold
    liveness_still_turn_most_degrees: Threshold
    liveness_still_blur_least: Threshold
    portrait_bits_apart_least: Threshold
    """Of 256, from every portrait that was sent for somebody else."""
    compression_differs_most: Threshold
