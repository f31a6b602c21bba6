// The floor: the least that a batched queue on PostgreSQL can do. Claims batches of 100 (SKIP LOCKED), then acknowledges
// them by deleting; prepared statements, no handler, no history, no fence, no retries. Commits do not wait for the disk,
// as in sillon's worker.
//
//   claim-loop POSTGRES_URL TASKS
//
// Keeps pace with measure.py like the other peers: see pace.py.
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libpq-fe.h>

enum { batch = 100, id_digits = 20 };

static const char *schema =
    "CREATE TABLE task (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, state smallint NOT NULL DEFAULT 0,"
    " payload text NOT NULL);"
    "CREATE INDEX task_ready ON task (id) WHERE state = 0";
static const char *fill =
    "INSERT INTO task (payload) SELECT 'Artist/Album/01 Title of a song.flac 9f86d081884c7d659a2feaa0'"
    " FROM generate_series(1, $1::int)";
// The limit is a literal: with a parameter, the planner reads the whole table.
static const char *claim =
    "UPDATE task SET state = 1 WHERE id IN"
    " (SELECT id FROM task WHERE state = 0 ORDER BY id LIMIT 100 FOR UPDATE SKIP LOCKED) RETURNING id, payload";
static const char *acknowledge = "DELETE FROM task WHERE id = ANY($1::bigint[])";

static void check(PGconn *connection, PGresult *result, ExecStatusType expected) {
    if (PQresultStatus(result) == expected) return;
    fprintf(stderr, "claim-loop: %s", PQerrorMessage(connection));
    exit(1);
}

static void run(PGconn *connection, const char *sql) {
    PGresult *result = PQexec(connection, sql);
    check(connection, result, PGRES_COMMAND_OK);
    PQclear(result);
}

static void prepare(PGconn *connection, const char *name, const char *sql) {
    PGresult *result = PQprepare(connection, name, sql, 0, NULL);
    check(connection, result, PGRES_COMMAND_OK);
    PQclear(result);
}

static PGresult *call(PGconn *connection, const char *name, const char *value, ExecStatusType expected) {
    PGresult *result = PQexecPrepared(connection, name, value ? 1 : 0, &value, NULL, NULL, 0);
    check(connection, result, expected);
    return result;
}

static void say(const char *word) {
    puts(word);
    fflush(stdout);
}

static void pause_after(const char *word) {
    char line[16];
    say(word);
    if (!fgets(line, sizeof line, stdin)) exit(1);
}

// Claims and acknowledges one batch; answers how many there were.
static int one_batch(PGconn *connection, size_t *bytes) {
    char ids[batch * (id_digits + 1) + 3] = "{";
    PGresult *claimed = call(connection, "claim", NULL, PGRES_TUPLES_OK);
    int rows = PQntuples(claimed);
    char *end = ids + 1;
    for (int row = 0; row < rows; row++) {
        end += snprintf(end, id_digits + 2, "%s%s", row > 0 ? "," : "", PQgetvalue(claimed, row, 0));
        *bytes += (size_t)PQgetlength(claimed, row, 1);
    }
    strcpy(end, "}");
    PQclear(claimed);
    if (rows > 0) PQclear(call(connection, "acknowledge", ids, PGRES_COMMAND_OK));
    return rows;
}

int main(int argc, char **argv) {
    if (argc != 3) {
        fprintf(stderr, "usage: claim-loop POSTGRES_URL TASKS\n");
        return 2;
    }
    long total = strtol(argv[2], NULL, 10), done = 0;
    size_t bytes = 0;
    PGconn *connection = PQconnectdb(argv[1]);
    if (PQstatus(connection) != CONNECTION_OK) {
        fprintf(stderr, "claim-loop: %s", PQerrorMessage(connection));
        return 1;
    }
    run(connection, schema);
    run(connection, "SET synchronous_commit = off");
    prepare(connection, "fill", fill);
    prepare(connection, "claim", claim);
    prepare(connection, "acknowledge", acknowledge);
    pause_after("ready");
    PQclear(call(connection, "fill", argv[2], PGRES_COMMAND_OK));
    pause_after("filled");
    say("first");
    for (int rows = 1; rows > 0 && done < total; done += rows) rows = one_batch(connection, &bytes);
    say("last");
    PQfinish(connection);
    if (done == total && bytes > 0) return 0;
    fprintf(stderr, "claim-loop: %ld of %ld tasks were there\n", done, total);
    return 1;
}
