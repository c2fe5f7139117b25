"""How near `condition` comes to published reference posteriors (sbibm 1.1; Lueckmann et al. 2021).

    pip download --no-deps sbibm==1.1.0 && unzip sbibm-1.1.0-*.whl -d sbibm
    pip install scikit-learn
    python benchmarks/published_posteriors.py sbibm [TASK ...] [--observations 10]

C2ST is the accuracy with which a classifier (settings of sbibm) tells 10,000 of our draws from
10,000 of the reference's: 0.5 is perfect. Each posterior may use 10,000 simulations. The published
figures are the means over ten observations that SMC-ABC and NPE reach with as many
(github.com/sbi-benchmark/results: `main_paper.csv`, and of gaussian_mixture, which sbibm 1.1
mended, the rerun). With `--neural`, a neural posterior takes our place (pip install flowjax).
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from amnok.studies.inference import condition

Array = NDArray[np.float64]
How = Callable[[str, Array, int, int], Array]
SIMULATIONS, DRAWS = 10_000, 10_000
ROUNDS, MOST_IN_ROUNDS = 4, 5  # in more dimensions, weights of proposals leave too few draws
PUBLISHED = {  # SMC-ABC, NPE
    "two_moons": (0.707, 0.606),
    "gaussian_linear": (0.829, 0.552),
    "gaussian_mixture": (0.722, 0.615),
    "slcp": (0.969, 0.901),
}


def two_moons(theta: Array, rng: np.random.Generator) -> Array:
    angle = rng.uniform(-np.pi / 2, np.pi / 2, len(theta))
    radius = rng.normal(0.1, 0.01, len(theta))
    a, b = theta.T
    return np.stack(
        [
            np.cos(angle) * radius + 0.25 - np.abs(a + b) / np.sqrt(2.0),
            np.sin(angle) * radius + (b - a) / np.sqrt(2.0),
        ],
        1,
    )


def gaussian_linear(theta: Array, rng: np.random.Generator) -> Array:
    return theta + np.sqrt(0.1) * rng.normal(size=theta.shape)


def gaussian_mixture(theta: Array, rng: np.random.Generator) -> Array:
    scale = np.where(rng.random(len(theta)) < 0.5, 1.0, 0.1)
    return theta + scale[:, None] * rng.normal(size=theta.shape)


def slcp(theta: Array, rng: np.random.Generator) -> Array:
    first, second, correlation = theta[:, 2] ** 2, theta[:, 3] ** 2, np.tanh(theta[:, 4])
    noise = rng.normal(size=(2, len(theta), 4))
    a = theta[:, [0]] + first[:, None] * noise[0]
    mixed = correlation[:, None] * noise[0] + np.sqrt(1.0 - correlation[:, None] ** 2) * noise[1]
    b = theta[:, [1]] + second[:, None] * mixed
    return np.stack([a, b], 2).reshape(len(theta), 8)


TASKS: dict[str, tuple[Callable[..., Array], Callable[[np.random.Generator, int], Array]]] = {
    "two_moons": (two_moons, lambda rng, n: rng.uniform(-1.0, 1.0, (n, 2))),
    "gaussian_linear": (gaussian_linear, lambda rng, n: np.sqrt(0.1) * rng.normal(size=(n, 10))),
    "gaussian_mixture": (gaussian_mixture, lambda rng, n: rng.uniform(-10.0, 10.0, (n, 2))),
    "slcp": (slcp, lambda rng, n: rng.uniform(-3.0, 3.0, (n, 5))),
}


def c2st(ours: Array, reference: Array, seed: int = 1) -> float:
    """Accuracy of sbibm's classifier, over five folds."""
    from sklearn.model_selection import KFold, cross_val_score
    from sklearn.neural_network import MLPClassifier

    mean, sd = reference.mean(axis=0), reference.std(axis=0, ddof=1)
    both = (np.concatenate([reference, ours]) - mean) / sd
    hidden = (10 * both.shape[1],) * 2
    network = MLPClassifier(hidden, max_iter=10_000, random_state=seed)
    labels = np.repeat([0.0, 1.0], [len(reference), len(ours)])
    folds = KFold(5, shuffle=True, random_state=seed)
    return float(cross_val_score(network, both, labels, cv=folds, scoring="accuracy").mean())


def by_regression(name: str, seen: Array, seed: int, draws: int) -> Array:
    """Draws of `condition`."""
    simulator, prior = TASKS[name]
    rng = np.random.default_rng(seed)
    rounds = ROUNDS if prior(rng, 1).shape[1] <= MOST_IN_ROUNDS else 0
    n = SIMULATIONS // (rounds + 1)
    theta = prior(rng, n)
    found = condition(
        theta,
        simulator(theta, rng),
        seen,
        seed=seed,
        simulate=lambda asked: simulator(asked, rng),
        rounds=rounds,
        per_round=n,
    )
    return found.sample(draws, seed=seed, smooth=True).to_numpy()


def neural(name: str, seen: Array, seed: int, draws: int) -> Array:
    """Draws of a neural spline flow that is trained once, within the prior's range."""
    import jax
    from flowjax.bijections import RationalQuadraticSpline
    from flowjax.distributions import Normal
    from flowjax.flows import masked_autoregressive_flow
    from flowjax.train import fit_to_data

    simulator, prior = TASKS[name]
    rng = np.random.default_rng(seed)
    theta = prior(rng, SIMULATIONS)
    x = simulator(theta, rng)
    (mean, sd), (x_mean, x_sd) = ((one.mean(axis=0), one.std(axis=0)) for one in (theta, x))
    keys = jax.random.split(jax.random.key(seed), 3)
    flow = masked_autoregressive_flow(
        keys[0],
        base_dist=Normal(jax.numpy.zeros(theta.shape[1])),
        cond_dim=x.shape[1],
        transformer=RationalQuadraticSpline(knots=10, interval=5),
        flow_layers=5,
    )
    flow, _ = fit_to_data(
        keys[1],
        flow,
        data=(jax.numpy.array((theta - mean) / sd), jax.numpy.array((x - x_mean) / x_sd)),
        max_patience=20,
        max_epochs=400,
        show_progress=False,
    )
    at = jax.numpy.array((seen - x_mean) / x_sd)
    found = np.asarray(flow.sample(keys[2], (5 * draws,), condition=at), float) * sd + mean
    inside = ((found >= theta.min(axis=0)) & (found <= theta.max(axis=0))).all(axis=1)
    return found[inside][:draws]


def one(folder: Path, name: str, number: int, draws: int, how: How) -> tuple[float, float]:
    """C2ST of one observation, and the seconds that its posterior took."""
    here = folder / "sbibm/tasks" / name / f"files/num_observation_{number}"
    seen = pd.read_csv(here / "observation.csv").to_numpy()[0]
    reference = pd.read_csv(here / "reference_posterior_samples.csv.bz2").to_numpy()
    start = perf_counter()
    ours = how(name, seen, number, draws)
    seconds = perf_counter() - start
    return c2st(ours, reference[:draws]), seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("tasks", nargs="*", default=list(TASKS))
    parser.add_argument("--observations", type=int, default=10)
    parser.add_argument("--draws", type=int, default=DRAWS)
    parser.add_argument("--neural", action="store_true")
    asked = parser.parse_args()
    how = neural if asked.neural else by_regression
    for name in asked.tasks or TASKS:
        found = [
            one(asked.folder, name, number, asked.draws, how)
            for number in range(1, asked.observations + 1)
        ]
        values = np.array([value for value, _ in found])
        seconds = np.mean([took for _, took in found])
        abc, npe = PUBLISHED[name]
        each = " ".join(f"{value:.3f}" for value in values)
        print(
            f"{name:17s} C2ST {values.mean():.3f} (SMC-ABC {abc:.3f}, NPE {npe:.3f})"
            f"  {seconds:.1f} s a posterior  {each}",
            flush=True,
        )


if __name__ == "__main__":
    main()
