"""What shows that one event was appended? Its batch and the edge before it: the rest of the log is not read."""

from app.audit.entry import Value
from app.audit.proof import proof
from app.audit.tree import Edge, Growth
from app.core.secret import Secret
from app.storage.audit_trail import opened


async def proof_of(url: Secret[str], event: str) -> dict[str, Value] | None:
    """The proof as JSON shows it; None: the event is in no batch, or its batch is not whole."""
    async with opened(url) as trail:
        found = await trail.batch_of(event)
        if found is None:
            return None
        index, signed, before = found
        edge = before.edge if before else Edge(signed.head.hashing)
        leaves = await trail.leaves(edge.size, signed.head.size) if edge else ()
    if edge is None or len(leaves) != signed.head.size - edge.size:
        return None
    entry = leaves[index - edge.size].entry
    growth = Growth(edge, [leaf.leaf_hash for leaf in leaves])
    return None if entry is None else proof(entry, index, signed, growth)
