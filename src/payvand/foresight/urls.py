"""Which address leads to which page of foresight?"""

from django.urls import path

from payvand.foresight import account_urls
from payvand.foresight.views.whatif import document, page

app_name = "foresight"
urlpatterns = [
    path("services/<slug:slug>/what-if/", page, name="whatif"),
    path("services/<slug:slug>/what-if.pdf", document, name="whatif_pdf"),
    *account_urls.urlpatterns,
]
