"""The world: a scenario and a seed turned into arrays that kernels can run on."""

from amnok.world.build import Labels, World, build, labels

__all__ = ["Labels", "World", "build", "labels"]
