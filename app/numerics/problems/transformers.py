"""The transformers behind the scalers: scikit-learn's, and a PCA that whitens by the population."""

import numpy as np
from jaxtyping import Float
from sklearn.decomposition import PCA
from sklearn.preprocessing import MinMaxScaler, Normalizer, RobustScaler, StandardScaler

__all__ = ["MinMaxScaler", "Normalizer", "PopulationPCA", "RobustScaler", "StandardScaler"]


class PopulationPCA(PCA):
    """PCA whose result has the population covariance I, and 0 in directions without variance.

    scikit-learn's `whiten=True` divides by n − 1 rows and multiplies the rounding errors of an empty direction up to
    variance 1, so the scaling is done here.
    """

    def __init__(self) -> None:
        # The default solver works on the covariance matrix, where half of the digits of a small direction are gone.
        super().__init__(n_components=None, svd_solver="full")

    def fit(self, X: Float[np.ndarray, "rows columns"], y: None = None) -> "PopulationPCA":
        """Find the principal axes; the signs, which are free, make them a rotation: none of the axes is mirrored."""
        if not np.ptp(X, axis=0).any():  # of one row, say: scikit-learn would divide by zero
            self.mean_, self.components_, self.n_samples_ = X[0], np.eye(X.shape[1]), len(X)
            self.singular_values_ = np.zeros(X.shape[1])
            return self
        super().fit(X)
        if np.linalg.det(self.components_) < 0:
            self.components_[-1] *= -1
        return self

    @property
    def factors(self) -> Float[np.ndarray, " columns"]:
        """What each principal coordinate is multiplied by: 1/σ, or 0 where nothing varies."""
        deviation = self.singular_values_ / np.sqrt(self.n_samples_)
        is_empty = deviation <= 1e-10 * max(deviation[0], np.abs(self.mean_).max())
        return np.where(is_empty, 0.0, 1.0 / np.where(is_empty, 1.0, deviation))

    def transform(self, X: Float[np.ndarray, "rows columns"]) -> Float[np.ndarray, "rows columns"]:
        """Rotate onto the principal axes and divide by the population standard deviation along each."""
        return (X - self.mean_) @ self.components_.T * self.factors
