"""Can one read at a desk what would have been sent?"""

from tests.flows.conftest import PHONE, Bank


async def test_a_sent_code_stands_on_the_page_of_messages(bank: Bank) -> None:
    applicant = await bank.accepted()
    code = await applicant.contact_code(PHONE)
    page = await bank.http.get("/sandbox/messages", headers={"accept-language": "en"})
    assert code in page.text
    assert "<h1>Messages</h1>" in page.text


async def test_the_page_may_load_its_stylesheet(bank: Bank) -> None:
    page = await bank.http.get("/sandbox/messages")
    sheet = await bank.http.get("/static/hufu.css")
    assert 'href="/static/hufu.css"' in page.text
    assert "style-src 'self'" in page.headers["content-security-policy"]
    assert sheet.headers["content-type"].startswith("text/css")
