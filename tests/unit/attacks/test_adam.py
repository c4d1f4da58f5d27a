import torch

from mtaa.attacks.adam import Walkers


def test_moves_as_torchs_adam_does_though_each_image_is_at_a_step_of_its_own() -> None:
    generator = torch.Generator().manual_seed(0)
    images = torch.rand(4, 1, 6, 6, generator=generator)
    pushes = torch.randn(5, 4, 1, 6, 6, generator=generator)
    walkers = Walkers.at(images)
    for push in pushes[:2]:  # the first two images are two steps ahead of the others
        walkers.first_rows(2).move(push[:2], 0.05)
    for push in pushes[2:]:
        walkers.move(push, 0.05)
    assert walkers.step.tolist() == [5, 5, 3, 3]
    for row, taken in ((0, pushes), (3, pushes[2:])):
        position = Walkers.at(images).position[row].clone().requires_grad_(True)
        origin = (torch.tanh(position.detach()) + 1) / 2
        optimiser = torch.optim.Adam([position], lr=0.05)
        for push in taken:
            optimiser.zero_grad()
            moved = (torch.tanh(position) + 1) / 2
            ((moved - origin).square().sum() + (push[row] * moved).sum()).backward()
            optimiser.step()
        torch.testing.assert_close(walkers.position[row], position.detach(), rtol=1e-4, atol=1e-5)


def test_what_is_taken_is_a_copy_until_it_is_put_back() -> None:
    walkers = Walkers.at(torch.full((3, 1, 2, 2), 0.25))
    before = walkers.position.clone()
    two = walkers.take(torch.tensor([2, 0]))
    two.move(1.0, 0.1)
    assert torch.equal(walkers.position, before)
    walkers.put(torch.tensor([2, 0]), two)
    assert walkers.step.tolist() == [1, 0, 1]
    assert torch.equal(walkers.position[1], before[1])
    assert not torch.equal(walkers.position[0], before[0])
