"""The optimizers, in the order in which they are taught."""

from collections.abc import Mapping
from types import MappingProxyType

from app.numerics.optimizers import adam, adaptive, first_order, kin, second_order
from app.numerics.optimizers.record import Optimizer, Quantity

OPTIMIZERS: Mapping[str, Optimizer] = MappingProxyType(
    {
        optimizer.name: optimizer
        for optimizer in (
            first_order.GD,
            first_order.MOMENTUM,
            first_order.MOMENTUM_EMA,
            first_order.NESTEROV,
            adaptive.ADAGRAD,
            adaptive.ADAGRAD_MEAN,
            adaptive.RMSPROP,
            adaptive.ADADELTA,
            adam.ADAM,
            adam.ADAMW,
            adam.ADAMAX,
            adam.AMSGRAD,
            adam.NADAM,
            kin.RADAM,
            kin.ADABELIEF,
            kin.YOGI,
            first_order.LION,
            kin.ADAN,
            first_order.SIGN_SGD,
            second_order.NEWTON,
            second_order.LBFGS,
        )
    }
)

__all__ = ["OPTIMIZERS", "Optimizer", "Quantity"]
