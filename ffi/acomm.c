/*
 * Forwards each call to one `acomm rpc` process: a line of JSON-RPC out, a line back. An answer has
 * its members in a fixed order with the result last, so that a result is cut out, never parsed.
 *
 * Build: cc -shared -fPIC -pthread -o libacomm.so acomm.c
 */
#define _POSIX_C_SOURCE 200809L
#define _DARWIN_C_SOURCE

#include "acomm.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __APPLE__
#include <crt_externs.h>
#define environ (*_NSGetEnviron())
#else
extern char **environ;
#endif

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0
#endif

/* Numbers in JSON are exact up to here; no id is larger. */
#define LARGEST_ID UINT64_C(9007199254740991)

struct CommStore {
    uint64_t handle;
    /* The process that knows the handle. */
    uint64_t generation;
};

/* Text that grows. Once memory was short or a piece was not UTF-8, it stays failed. */
struct text {
    char *bytes;
    size_t length;
    size_t capacity;
    bool failed;
};

static struct {
    pthread_mutex_t lock;
    /* Our end of the socket, and the program's end while it is being started; -1 when closed. */
    int ends[2];
    pid_t pid;
    /* Counts processes and forks: a store belongs to exactly one. */
    uint64_t generation;
    uint64_t last_id;
} server = {.lock = PTHREAD_MUTEX_INITIALIZER, .ends = {-1, -1}};

static CommStore *open_store(struct text *request);
static char *call(const CommStore *store, struct text *request, uint64_t *generation);
static void begin(struct text *request, const char *method, const CommStore *store);
static void add(struct text *text, const char *more);
static void add_name(struct text *text, const char *name);
static void add_number(struct text *text, const char *name, uint64_t value);
static void add_string(struct text *text, const char *name, const char *value);
static void add_path(struct text *text, const char *path);
static uint64_t id_of(char *record);

const char *acomm_version(void) { return "0.1.0"; }

CommStore *acomm_store_create(void) {
    struct text request = {0};
    begin(&request, "store.create", NULL);
    return open_store(&request);
}

CommStore *acomm_load(const char *path) {
    if (path == NULL) return NULL;
    struct text request = {0};
    begin(&request, "store.load", NULL);
    add_path(&request, path);
    return open_store(&request);
}

void acomm_store_free(CommStore *store) {
    if (store == NULL) return;
    struct text request = {0};
    begin(&request, "store.free", store);
    free(call(store, &request, NULL));
    free(store);
}

uint64_t acomm_create_channel(CommStore *store, const char *name, uint32_t type) {
    static const char *const types[] = {"direct", "group", "broadcast", "pubsub"};
    if (store == NULL || name == NULL || type > 3) return 0;
    struct text request = {0};
    begin(&request, "create_channel", store);
    add_string(&request, "name", name);
    add_string(&request, "channel_type", types[type]);
    return id_of(call(store, &request, NULL));
}

uint64_t acomm_send_message(CommStore *store, uint64_t channel, const char *sender,
                            const char *content) {
    if (store == NULL || sender == NULL || content == NULL) return 0;
    struct text request = {0};
    begin(&request, "send_message", store);
    add_number(&request, "channel_id", channel);
    add_string(&request, "sender", sender);
    add_string(&request, "content", content);
    return id_of(call(store, &request, NULL));
}

uint64_t acomm_send_many(CommStore *store, const struct acomm_draft *drafts, size_t count) {
    if (store == NULL || drafts == NULL || count == 0) return 0;
    struct text request = {0};
    begin(&request, "send_messages", store);
    add_name(&request, "messages");
    for (size_t i = 0; i < count; i++) {
        if (drafts[i].sender == NULL || drafts[i].content == NULL) request.failed = true;
        if (request.failed) break;
        add(&request, i == 0 ? "[{" : ",{");
        add_number(&request, "channel_id", drafts[i].channel);
        add_string(&request, "sender", drafts[i].sender);
        add_string(&request, "content", drafts[i].content);
        add(&request, "}");
    }
    add(&request, "]");
    return id_of(call(store, &request, NULL));
}

char *acomm_receive_messages(CommStore *store, uint64_t channel) {
    if (store == NULL) return NULL;
    struct text request = {0};
    begin(&request, "receive_messages", store);
    add_number(&request, "channel_id", channel);
    return call(store, &request, NULL);
}

char *acomm_list_channels(CommStore *store) {
    if (store == NULL) return NULL;
    struct text request = {0};
    begin(&request, "list_channels", store);
    return call(store, &request, NULL);
}

bool acomm_save(CommStore *store, const char *path) {
    if (store == NULL || path == NULL) return false;
    struct text request = {0};
    begin(&request, "store.save", store);
    add_path(&request, path);
    char *result = call(store, &request, NULL);
    free(result);
    return result != NULL;
}

void acomm_string_free(char *text) { free(text); }

/* ---- the request ---- */

static void add_bytes(struct text *text, const char *bytes, size_t length) {
    if (text->failed) return;
    if (text->capacity - text->length < length) {
        size_t capacity = (text->length + length) * 2;
        char *larger = realloc(text->bytes, capacity);
        if (larger == NULL) {
            text->failed = true;
            return;
        }
        text->bytes = larger;
        text->capacity = capacity;
    }
    memcpy(text->bytes + text->length, bytes, length);
    text->length += length;
}

static void add(struct text *text, const char *more) { add_bytes(text, more, strlen(more)); }

static void add_name(struct text *text, const char *name) {
    bool is_first = text->length > 0 && text->bytes[text->length - 1] == '{';
    add(text, is_first ? "\"" : ",\"");
    add(text, name);
    add(text, "\":");
}

static void add_number(struct text *text, const char *name, uint64_t value) {
    char digits[32];
    if (value > LARGEST_ID) text->failed = true;
    snprintf(digits, sizeof digits, "%" PRIu64, value);
    add_name(text, name);
    add(text, digits);
}

/* The length of the UTF-8 sequence at `at`; 0 when there is none (Unicode 16, table 3-7). */
static size_t sequence(const unsigned char *at) {
    if (at[0] < 0x80) return 1;
    size_t length = at[0] >= 0xf0 ? 4 : at[0] >= 0xe0 ? 3 : 2;
    unsigned char lowest = at[0] == 0xe0 ? 0xa0 : at[0] == 0xf0 ? 0x90 : 0x80;
    unsigned char highest = at[0] == 0xed ? 0x9f : at[0] == 0xf4 ? 0x8f : 0xbf;
    if (at[0] < 0xc2 || at[0] > 0xf4 || at[1] < lowest || at[1] > highest) return 0;
    /* The NUL at the end is no continuation, so this never reads past it. */
    for (size_t i = 2; i < length; i++) {
        if (at[i] < 0x80 || at[i] > 0xbf) return 0;
    }
    return length;
}

static void add_escaped(struct text *text, const char *value) {
    const unsigned char *at = (const unsigned char *)value;
    while (*at != 0 && !text->failed) {
        const unsigned char *from = at;
        while (*at >= 0x20 && *at != '"' && *at != '\\') {
            size_t length = sequence(at);
            if (length == 0) {
                text->failed = true;
                return;
            }
            at += length;
        }
        add_bytes(text, (const char *)from, (size_t)(at - from));
        if (*at == 0) return;
        char escape[8];
        snprintf(escape, sizeof escape, "\\u%04x", *at++);
        add(text, escape);
    }
}

static void add_string(struct text *text, const char *name, const char *value) {
    add_name(text, name);
    add(text, "\"");
    add_escaped(text, value);
    add(text, "\"");
}

/* The process keeps the directory in which it was started: paths go there in full. */
static void add_path(struct text *text, const char *path) {
    char *directory = path[0] == '/' ? NULL : getcwd(NULL, 0);
    if (path[0] == 0 || (path[0] != '/' && directory == NULL)) text->failed = true;
    add_name(text, "path");
    add(text, "\"");
    if (directory != NULL) {
        add_escaped(text, directory);
        add(text, "/");
        free(directory);
    }
    add_escaped(text, path);
    add(text, "\"");
}

/* The id comes last, and when it is sent: it counts the calls of all threads. */
static void begin(struct text *request, const char *method, const CommStore *store) {
    add(request, "{\"jsonrpc\":\"2.0\",\"method\":\"");
    add(request, method);
    add(request, "\",\"params\":{");
    if (store != NULL) add_number(request, "store", store->handle);
}

/* ---- the process ---- */

static void close_end(int which) {
    if (server.ends[which] >= 0) close(server.ends[which]);
    server.ends[which] = -1;
}

/* The parent goes on using its process; here it is unknown, and so are its stores. */
static void forget_after_fork(void) {
    static const pthread_mutex_t unlocked = PTHREAD_MUTEX_INITIALIZER;
    server.lock = unlocked;
    close_end(0);
    close_end(1);
    server.pid = 0;
    server.generation++;
}

static void watch_forks(void) { pthread_atfork(NULL, NULL, forget_after_fork); }

static void stop(void) {
    close_end(0);
    server.generation++;
    /* Somebody else may have waited for it: then the number is no longer ours to kill. */
    if (server.pid > 0 && waitpid(server.pid, NULL, WNOHANG) == 0) {
        kill(server.pid, SIGKILL);
        while (waitpid(server.pid, NULL, 0) < 0 && errno == EINTR) continue;
    }
    server.pid = 0;
}

static bool connect_ends(void) {
#ifdef SOCK_CLOEXEC
    return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, server.ends) == 0;
#else
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, server.ends) != 0) return false;
    int on = 1;
    for (int i = 0; i < 2; i++) fcntl(server.ends[i], F_SETFD, FD_CLOEXEC);
    return setsockopt(server.ends[0], SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on) == 0;
#endif
}

/* Own process group: an interrupt from the terminal is for the program that called us. */
static bool spawn(const char *program, int end) {
    char *const argv[] = {(char *)program, "rpc", NULL};
    sigset_t none, usual;
    sigemptyset(&none);
    sigemptyset(&usual);
    sigaddset(&usual, SIGINT);
    sigaddset(&usual, SIGTERM);
    sigaddset(&usual, SIGCHLD);
    sigaddset(&usual, SIGPIPE);
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    if (posix_spawn_file_actions_init(&actions) != 0) return false;
    if (posix_spawnattr_init(&attributes) != 0) {
        posix_spawn_file_actions_destroy(&actions);
        return false;
    }
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &usual);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
                                              POSIX_SPAWN_SETSIGDEF);
    bool is_started = posix_spawn_file_actions_adddup2(&actions, end, 0) == 0 &&
                      posix_spawn_file_actions_adddup2(&actions, end, 1) == 0 &&
                      posix_spawnp(&server.pid, program, &actions, &attributes, argv, environ) == 0;
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return is_started;
}

static bool start(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, watch_forks);
    const char *program = getenv("ACOMM_PROGRAM");
    if (program == NULL || program[0] == 0) program = "acomm";
    bool is_started = connect_ends() && spawn(program, server.ends[1]);
    close_end(1);
    if (!is_started) {
        server.pid = 0;
        stop();
    }
    return is_started;
}

static bool is_running(void) {
    if (server.ends[0] < 0) return false;
    char byte;
    ssize_t got = recv(server.ends[0], &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) return true;
    /* It ended, or says something that nobody asked. */
    stop();
    return false;
}

static bool send_all(const char *bytes, size_t length) {
    while (length > 0) {
        ssize_t sent = send(server.ends[0], bytes, length, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent <= 0) return false;
        bytes += sent;
        length -= (size_t)sent;
    }
    return true;
}

/* One line with a NUL for its newline, to be freed: JSON has no newline but the one at the end. */
static char *receive_line(size_t *length) {
    size_t capacity = 4096, got = 0;
    char *line = malloc(capacity);
    while (line != NULL) {
        ssize_t more = recv(server.ends[0], line + got, capacity - got, 0);
        if (more < 0 && errno == EINTR) continue;
        if (more <= 0) break;
        got += (size_t)more;
        if (line[got - 1] == '\n') {
            line[got - 1] = 0;
            *length = got - 1;
            return line;
        }
        if (got < capacity) continue;
        char *larger = realloc(line, capacity *= 2);
        if (larger == NULL) break;
        line = larger;
    }
    free(line);
    return NULL;
}

static char *exchange(struct text *request) {
    char id[64], head[96];
    uint64_t number = ++server.last_id;
    snprintf(id, sizeof id, "},\"id\":%" PRIu64 "}\n", number);
    add(request, id);
    if (request->failed) return NULL;
    size_t length = 0;
    char *line = send_all(request->bytes, request->length) ? receive_line(&length) : NULL;
    int known = snprintf(head, sizeof head, "{\"jsonrpc\":\"2.0\",\"id\":%" PRIu64 ",", number);
    size_t start = (size_t)known + strlen("\"result\":");
    if (line == NULL || length < start || strncmp(line, head, (size_t)known) != 0) {
        free(line);
        stop();
        return NULL;
    }
    if (strncmp(line + known, "\"result\":", strlen("\"result\":")) != 0) {
        free(line);
        return NULL;
    }
    memmove(line, line + start, length - start - 1);
    line[length - start - 1] = 0;
    return line;
}

/* The result as text, to be freed. Only a call without a store starts the process. */
static char *call(const CommStore *store, struct text *request, uint64_t *generation) {
    char *result = NULL;
    if (!request->failed) {
        pthread_mutex_lock(&server.lock);
        bool is_there = is_running();
        if (store == NULL) is_there = is_there || start();
        else is_there = is_there && store->generation == server.generation;
        if (is_there) result = exchange(request);
        if (generation != NULL) *generation = server.generation;
        pthread_mutex_unlock(&server.lock);
    }
    free(request->bytes);
    return result;
}

static CommStore *open_store(struct text *request) {
    uint64_t generation = 0;
    char *result = call(NULL, request, &generation);
    CommStore *store = result == NULL ? NULL : malloc(sizeof *store);
    if (store != NULL) {
        *store = (CommStore){.handle = strtoull(result, NULL, 10), .generation = generation};
    }
    free(result);
    return store;
}

/* Records begin with their id. */
static uint64_t id_of(char *record) {
    static const char head[] = "{\"id\":";
    bool is_record = record != NULL && strncmp(record, head, sizeof head - 1) == 0;
    uint64_t id = is_record ? strtoull(record + sizeof head - 1, NULL, 10) : 0;
    free(record);
    return id;
}
