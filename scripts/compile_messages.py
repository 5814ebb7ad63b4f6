"""How do translations become readable without GNU gettext? As the product itself does it."""

from payvand.ui.locales import SOURCE, compile_all

if __name__ == "__main__":
    for path in compile_all():
        print(f"compiled {path.relative_to(SOURCE.parent.parent)}")
