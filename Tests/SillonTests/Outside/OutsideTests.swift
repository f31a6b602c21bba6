import Testing

/// Whole worlds of services, one after the other: together they would leave no processor to tests that wait for answers.
@Suite(.serialized, .timeLimit(.minutes(10))) struct OutsideTests {}
