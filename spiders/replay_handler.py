"""Scrapy's download handler of a replay: answers come from archives, and no socket is ever opened.

Belongs here: handing a request to the replay archive. Does not belong here: the archive's index (`replay`).
"""

from __future__ import annotations

from scrapy import Request
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.http import Response

from spiders.answers import Failure


class ReplayHandler(BaseDownloadHandler):
    """Answers requests from the archives of a replay."""

    lazy = True

    async def download_request(self, request: Request) -> Response:
        """Return an empty Scrapy response; the answer travels in `meta["result"]`."""
        archive = self.crawler.spider.crawl.replay  # type: ignore[union-attr]
        result = archive.answer(request.meta["wanted"])
        request.meta["result"] = result
        return Response(request.url, status=599 if isinstance(result, Failure) else result.http_status, request=request)
