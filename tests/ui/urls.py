"""No addresses: the kit has none of its own."""

urlpatterns = []
