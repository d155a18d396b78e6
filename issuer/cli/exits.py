"""Exit codes: what a script learns from a command that ended."""

from __future__ import annotations

from issuer.domain import errors
from issuer.domain.errors import IssuerError

DONE = 0
ANSWER_IS_NO = 1
WRONG_USE = 2
CONFIGURATION = 3
UNREACHABLE = 4

EXIT_CODES: dict[type[IssuerError], int] = {
    errors.InvalidInput: WRONG_USE,
    errors.NotFound: WRONG_USE,
    errors.NotAuthenticated: ANSWER_IS_NO,
    errors.NotPermitted: ANSWER_IS_NO,
    errors.TooManyAttempts: ANSWER_IS_NO,
    errors.IllegalTransition: ANSWER_IS_NO,
    errors.StaleVersion: ANSWER_IS_NO,
    errors.WordingChanged: ANSWER_IS_NO,
    errors.AnswersOutdated: ANSWER_IS_NO,
    errors.AnotherPersonNeeded: ANSWER_IS_NO,
    errors.NoMandate: WRONG_USE,
    errors.NumberConflict: CONFIGURATION,
    errors.StatusListFull: ANSWER_IS_NO,
    errors.NotFitToSign: ANSWER_IS_NO,
    errors.KeyUnavailable: CONFIGURATION,
    errors.MalformedCredential: ANSWER_IS_NO,
    errors.InvalidDocument: ANSWER_IS_NO,
    errors.InvalidSignature: ANSWER_IS_NO,
    errors.TooLarge: WRONG_USE,
    errors.CorruptStore: ANSWER_IS_NO,
    errors.DependencyUnavailable: UNREACHABLE,
    errors.ConfigurationError: CONFIGURATION,
}
