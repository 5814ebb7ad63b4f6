"""What may other contexts ask of the databank, and what may they have it record?

For an index: `texts` page by page, then `changed` and `texts_of` (or the slot `evidence_changed`).
For rules of eligibility: `facts_of`. For the yearly request to confirm: `mark_asked`.
"""

from payvand.registry.access.databank import (
    REGISTRAR_ROLE,
    desk_places,
    may_keep,
    may_open_desk,
    may_register,
    may_verify,
)
from payvand.registry.actions.databank import (
    add_position,
    change_profile,
    consent,
    drop_entry,
    drop_position,
    open_profile,
    put_entry,
    show_position,
    verify,
)
from payvand.registry.actions.databank_claims import (
    ClaimDraft,
    claim,
    decide_claim,
    end_keeping,
    withdraw_claim,
)
from payvand.registry.actions.databank_confirm import confirm, mark_asked
from payvand.registry.actions.databank_erase import Erasure, erase
from payvand.registry.actions.databank_import import import_entries, import_firms
from payvand.registry.actions.databank_load import load_firms, load_positions
from payvand.registry.actions.databank_merge import (
    keep_apart,
    look_for_duplicates,
    merge,
    undo_merge,
)
from payvand.registry.actions.groups import (
    GroupDraft,
    change_group,
    found_groups,
    join_group,
    leave_group,
    move_group,
    seed_group_states,
)
from payvand.registry.queries.aliases import family, kept_of
from payvand.registry.queries.databank import (
    Filters,
    ProfileLine,
    ProfilePage,
    count_suppliers,
    lines,
    page,
    supplier_ids,
    tally,
)
from payvand.registry.queries.desk import Due, claims, open_claims, pairs, stale
from payvand.registry.queries.groups import GroupLine, group, groups
from payvand.registry.queries.texts import (
    Changed,
    FirmFacts,
    ItemText,
    Paper,
    changed,
    everything,
    facts_of,
    texts,
    texts_of,
)
from payvand.registry.queries.vocabulary import Code, codes, fields, suggest
from payvand.registry.rules.databank import (
    CapabilityDraft,
    CertificateDraft,
    Entry,
    EvidenceDraft,
    PositionDraft,
    ProductDraft,
    ProfileDraft,
)
from payvand.registry.rules.import_draft import RowDraft
from payvand.registry.rules.import_files import BadFile

__all__ = [
    "REGISTRAR_ROLE",
    "BadFile",
    "CapabilityDraft",
    "CertificateDraft",
    "Changed",
    "ClaimDraft",
    "Code",
    "Due",
    "Entry",
    "Erasure",
    "EvidenceDraft",
    "Filters",
    "FirmFacts",
    "GroupDraft",
    "GroupLine",
    "ItemText",
    "Paper",
    "PositionDraft",
    "ProductDraft",
    "ProfileDraft",
    "ProfileLine",
    "ProfilePage",
    "RowDraft",
    "add_position",
    "change_group",
    "change_profile",
    "changed",
    "claim",
    "claims",
    "codes",
    "confirm",
    "consent",
    "count_suppliers",
    "decide_claim",
    "desk_places",
    "drop_entry",
    "drop_position",
    "end_keeping",
    "erase",
    "everything",
    "facts_of",
    "family",
    "fields",
    "found_groups",
    "group",
    "groups",
    "import_entries",
    "import_firms",
    "join_group",
    "keep_apart",
    "kept_of",
    "leave_group",
    "lines",
    "load_firms",
    "load_positions",
    "look_for_duplicates",
    "mark_asked",
    "may_keep",
    "may_open_desk",
    "may_register",
    "may_verify",
    "merge",
    "move_group",
    "open_claims",
    "open_profile",
    "page",
    "pairs",
    "put_entry",
    "seed_group_states",
    "show_position",
    "stale",
    "suggest",
    "supplier_ids",
    "tally",
    "texts",
    "texts_of",
    "undo_merge",
    "verify",
    "withdraw_claim",
]
