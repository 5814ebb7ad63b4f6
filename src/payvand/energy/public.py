"""What may other contexts ask about energy?"""

from payvand.energy.access import OPERATOR_ROLE, operator_of
from payvand.energy.actions.samples import go_on as sample_goes_on
from payvand.energy.queries.officials import Province, provinces

__all__ = ["OPERATOR_ROLE", "Province", "operator_of", "provinces", "sample_goes_on"]
