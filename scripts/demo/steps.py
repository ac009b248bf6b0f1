"""The steps of a flow, collected while it runs and printed as a table."""

from dataclasses import dataclass, field


class DemoFailed(Exception):
    """A step did not show what it should; the message says what was seen instead."""


@dataclass
class Steps:
    """What a flow did.

    Attributes:
        rows: step and outcome, in order.
    """

    rows: list[tuple[str, str]] = field(default_factory=list)

    def done(self, step: str, outcome: str) -> None:
        """Note a step that worked."""
        self.rows.append((step, outcome))

    def expect(self, step: str, holds: bool, outcome: str) -> None:
        """Note a step whose outcome is checked.

        Args:
            step: what was done.
            holds: whether the outcome is the right one.
            outcome: the outcome in words.

        Raises:
            DemoFailed: It does not hold.
        """
        if not holds:
            raise DemoFailed(f"{step}: {outcome}")
        self.done(step, outcome)

    def table(self) -> str:
        """Return the steps as an aligned table."""
        width = max(len(step) for step, _ in self.rows)
        lines = [f"  {number:2}  {step:{width}}  {outcome}" for number, (step, outcome) in enumerate(self.rows, 1)]
        return "\n".join(lines)
