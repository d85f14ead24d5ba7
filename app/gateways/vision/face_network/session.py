"""How does a model run here? One thread that does not spin, no arena that keeps what its largest input took."""

from onnxruntime import InferenceSession, SessionOptions

QUIET = 4
"""Fatal errors alone: anything else might quote what it was given."""


def session_of(model: bytes) -> InferenceSession:
    """Runs on the processor, in the caller's thread; may be shared by threads."""
    options = SessionOptions()
    options.log_severity_level = QUIET
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # faces are parallel, not layers
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.inter_op.allow_spinning", "0")
    options.enable_cpu_mem_arena = False
    options.enable_mem_pattern = False  # it keeps a plan for every number of faces it ever saw
    return InferenceSession(model, options, providers=["CPUExecutionProvider"])
