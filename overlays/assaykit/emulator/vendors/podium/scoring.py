"""From raw scores to percentiles and standardised scores.

The vendor's scoring is its own secret. Here every scale has a mean and a deviation, a norm shifts and stretches them,
and raw scores are taken to be normally distributed: deterministic, monotonic, and right for the samples on the page.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from assaykit.emulator.engine.storage import Document


def standing(raw: float, scale: Mapping[str, Any], norm: Document) -> tuple[int, int]:
    """Place a raw score in a norm group.

    Args:
        raw: The score as counted.
        scale: The scale, with `mean` and `deviation`.
        norm: The norm, with `shift` in deviations and `spread` as a factor.

    Returns:
        The percentile, 1 to 99, and the standard ten score, 1 to 10.
    """
    deviation = scale["deviation"] * norm["spread"]
    distance = (raw - scale["mean"] - norm["shift"] * scale["deviation"]) / deviation
    percentile = round(50 * (1 + math.erf(distance / math.sqrt(2))))
    return min(99, max(1, percentile)), min(10, max(1, round(5.5 + 2 * distance)))


def scores(
    raw_scores: Mapping[str, float], test: Document, norm: Document, profiles: Sequence[Document]
) -> list[dict[str, Any]]:
    """Score a completed test.

    Args:
        raw_scores: The raw score on each scale.
        test: The test, with its `scales`.
        norm: The norm to score with.
        profiles: Role profiles; each adds one score, the mean over all scales.

    Returns:
        One score for each scale in the test's order, then one for each profile.
    """
    scored = []
    for scale in test["scales"]:
        raw = raw_scores[scale["id"]]
        percentile, standard = standing(raw, scale, norm)
        scored.append(_score(scale["id"], raw, percentile, standard))
    count = len(scored)
    means = {
        name: sum(score[name] for score in scored) / count
        for name in ("rawScore", "percentileScore", "standardisedScore")
    }
    overall = [
        _score(
            profile["id"],
            round(means["rawScore"], 2),
            round(means["percentileScore"]),
            round(means["standardisedScore"]),
        )
        for profile in profiles
    ]
    return scored + overall


def _score(scale_id: str, raw: float, percentile: int, standard: int) -> dict[str, Any]:
    whole = int(raw) if raw == int(raw) else raw
    return {
        "scaleId": scale_id,
        "percentileScore": percentile,
        "rawScore": whole,
        "standardisedScore": standard,
    }


def with_decimal_points(scored: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return scores as webhooks write them: raw and standardised scores with a decimal point."""
    return [
        {**score, "rawScore": float(score["rawScore"]), "standardisedScore": float(score["standardisedScore"])}
        for score in scored
    ]
