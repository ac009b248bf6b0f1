"""What a test suite needs: a pytest fixture for each emulated vendor.

The plugin is found by pytest once assaykit is installed. Every test gets a world of its own, in process:

    def test_status(podium_emulator):
        with podium_emulator.client() as api:
            ...

Each module here, apart from the machinery, belongs to one vendor and has a class `Emulator`.
"""
