"""dlib's face network on onnxruntime: its weights read from dlib's own file, its graph built from them in memory."""
