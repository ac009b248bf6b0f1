"""What a test suite needs: the pytest plugin and an emulated vendor to hold."""
