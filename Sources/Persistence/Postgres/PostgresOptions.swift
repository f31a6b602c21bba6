/// How many connections there are, and how long anything may take.
package struct PostgresOptions: Sendable {
    /// Connections that are kept open.
    package var poolSize = 10
    /// Connections beyond them in busy times.
    package var overflow = 20
    /// A connection that is older is replaced.
    package var recycleSeconds = 3600
    /// Asks a connection that lay idle whether it still lives before it is used.
    package var prePing = true
    /// Waiting for a free connection.
    package var acquireSeconds = 5
    /// One statement; the server ends it.
    package var statementSeconds = 20
    /// Waiting for somebody else's row lock.
    package var lockSeconds = 10
    /// A transaction in which nothing happens: the server ends it.
    package var idleInTransactionSeconds = 60
    /// Hears what the server has to say beside answers.
    package var onNotice: @Sendable (String) -> Void = { _ in }

    package init() {}

    /// When the server does not even end a statement that took too long, the connection is given up.
    var answerLimit: Duration { .seconds(statementSeconds + 2) }

    /// The session's settings. Workers' commits do not wait for the disk: losing the last of them means doing it again.
    /// A plan is made once and kept, perhaps while a table is empty: it must not read tables from end to end later.
    var sessionSetup: String {
        """
        SET synchronous_commit = off; SET statement_timeout = '\(statementSeconds)s';
        SET lock_timeout = '\(lockSeconds)s'; SET idle_in_transaction_session_timeout = '\(idleInTransactionSeconds)s';
        SET default_transaction_isolation = 'read committed'; SET client_min_messages = warning; SET jit = off;
        SET enable_seqscan = off
        """
    }
}
