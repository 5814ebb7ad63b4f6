"""How does Payvand look and speak? The presentation kit: base pages, components, forms, charts."""
