"""Does a running application show its own figures?"""

from tests.flows.conftest import Bank


async def test_metrics_show_the_connections_and_hashes_of_this_application(bank: Bank) -> None:
    text = (await bank.http.get("/metrics")).text
    assert 'hufu_resource_limit{resource="database"} 10.0' in text
    assert 'hufu_resource_in_use{resource="passwords"} 0.0' in text
    assert "hufu_http_requests_total" in text
