"""A training loop compiled by numba, for networks whose layers are narrow.

In a small network a NumPy iteration spends its time on calls, and BLAS has no use for matrices of
a few units. Here many iterations are one call of machine code. Its results are the same bits on
every processor, because the source fixes the order of every sum and every rounding: there is no
BLAS, no library function, and no reordering by the compiler.

*Lanes.* 64 bytes of numbers, 8 float64 or 16 float32, are one value of the compiled language. They
belong to as many samples. AVX-512 holds the value in one register, AVX2 in two, NEON in four.

*Panels.* The samples are cut into panels of one value each, stored as [panel][unit][lane]:

                lane 0    lane 1   …   lane 7       (one sample per lane)
    unit 0       x₀         x₀     …     x₀      <- 64 bytes, one load
    unit 1       x₁         x₁     …     x₁
    1            1          1      …     1       <- multiplies the bias

s = w x + b of a panel is then one fused multiply-add per weight: the weight, repeated in all lanes,
times the unit's 64 bytes. The last panel is filled up with copies of the last sample, whose loss
and delta are set to 0.
"""
