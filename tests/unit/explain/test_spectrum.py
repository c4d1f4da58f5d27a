"""The spectrum against a Fourier sum written out, and on signals whose spectrum is known."""

import numpy as np

from mtaa.explain.spectrum import spectrum


def test_it_is_the_fourier_sum() -> None:
    values = np.random.default_rng(0).integers(-20, 20, (1, 6, 8))
    rows, columns = np.arange(6), np.arange(8)
    written_out = np.array(
        [
            [
                (values[0] * np.exp(-2j * np.pi * (u * rows[:, None] / 6 + v * columns[None] / 8))).sum() / np.sqrt(48)
                for v in columns
            ]
            for u in rows
        ]
    )
    expected = np.log10(1 + np.abs(np.roll(written_out, (3, 4), (0, 1))))
    np.testing.assert_allclose(spectrum(values).log_magnitude, expected, atol=1e-5)


def test_a_wave_is_one_frequency() -> None:
    wave = 40 * np.cos(2 * np.pi * 4 * np.arange(32) / 32)
    found = spectrum(np.tile(wave, (1, 32, 1)))
    assert found.frequency[found.radial.argmax()] == 4 / 32
    assert np.argwhere(found.log_magnitude > 0.1).tolist() == [[16, 12], [16, 20]]


def test_white_noise_has_its_own_size_at_every_frequency() -> None:
    noise = 30 * np.random.default_rng(1).choice([-1, 1], (1, 64, 64))
    radial = spectrum(noise).radial
    assert 20 < radial[1:].mean() < 32  # the mean of a Rayleigh variable is 0.89 of its root mean square
    assert radial[20:].std() < 3


def test_nothing_is_zero() -> None:
    found = spectrum(np.zeros((3, 7, 7), np.int16))
    assert not found.log_magnitude.any()
    assert not found.radial.any()
