"""Which address leads to which page of foresight?"""

from django.urls import path

from payvand.foresight import account_urls
from payvand.foresight.views import whatif

app_name = "foresight"
urlpatterns = [
    path("services/<slug:slug>/what-if/", whatif.page, name="whatif"),
    path("services/<slug:slug>/what-if.pdf", whatif.document, name="whatif_pdf"),
    *account_urls.urlpatterns,
]
