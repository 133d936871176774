"""An approximation as C code, as a mixed-integer model, and as a property to verify."""
