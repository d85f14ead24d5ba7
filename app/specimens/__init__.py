"""Documents drawn for the demonstration, the sandbox and the tests; every one is marked 样本 SPECIMEN."""
