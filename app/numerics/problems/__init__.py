"""What is descended: surfaces, the rows and scalers behind some of them, and their values and derivatives."""
