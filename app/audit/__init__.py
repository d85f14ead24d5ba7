"""Can anybody change what is recorded and not be seen? The log's tree, its heads, and how both are judged."""
