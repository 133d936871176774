"""Exercise sheets in the formats of learning platforms: Moodle, Canvas, Numbas, PrairieLearn."""
