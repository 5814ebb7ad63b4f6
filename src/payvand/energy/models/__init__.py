"""What is known of demand and supply, who can give how much, and what was planned, asked and kept?

Sums and plans only: readings of single meters stay in Parquet (engine/store.py). The few large
consumers that are asked by name keep their own hours here, for themselves and the operator alone.
A day is a day in Tehran; its hours begin at half past, because readings are by the hour of UTC.
Everything has a carrier and works over its periods (rules/carriers.py): hours of a day, or days.
"MW" in a name is MWh a period, which of an hour is MW; of gas it is MWh a day.
"""

from payvand.energy.models.ahead import (
    Forecast,
    ForecastMemory,
    Outlook,
    SectorRule,
    Supply,
    Threshold,
)
from payvand.energy.models.plans import (
    LEVERS,
    STATES,
    BurdenEntry,
    FeederCut,
    Plan,
    PlanLine,
    Published,
    Release,
    Request,
    Settlement,
)
from payvand.energy.models.uploads import Upload
from payvand.energy.models.used import (
    Asset,
    AssetLoad,
    DayLoad,
    Feeder,
    Offer,
    ReadingsDue,
)

__all__ = [
    "LEVERS",
    "STATES",
    "Asset",
    "AssetLoad",
    "BurdenEntry",
    "DayLoad",
    "Feeder",
    "FeederCut",
    "Forecast",
    "ForecastMemory",
    "Offer",
    "Outlook",
    "Plan",
    "PlanLine",
    "Published",
    "ReadingsDue",
    "Release",
    "Request",
    "SectorRule",
    "Settlement",
    "Supply",
    "Threshold",
    "Upload",
]
