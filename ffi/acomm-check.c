/*
 * Checks acomm.c from the outside, as a program that links it: every function, what it returns when
 * it fails, who frees what, many threads, a fork, and the death of the process behind it. Takes a
 * directory to write to; exits 0 or says what was wrong. $ACOMM_PROGRAM must write its process id to
 * the file $ACOMM_PID before it becomes `acomm`.
 */
#define _POSIX_C_SOURCE 200809L
#include "acomm.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHECK(condition) \
    do { \
        if (!(condition)) { \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
            exit(1); \
        } \
    } while (0)

static const char *const not_utf8[] = {
    "\xff", "a\x80", "\xc0\xaf", "\xe2\x82", "\xed\xa0\x80", "\xf5\x80\x80\x80", "\xf0\x80\x80\x80",
};
#define COUNT(list) (sizeof(list) / sizeof *(list))

static bool holds(char *json, const char *part) {
    bool found = json != NULL && strstr(json, part) != NULL;
    acomm_string_free(json);
    return found;
}

static void check_success(const char *path) {
    CHECK(strcmp(acomm_version(), "0.1.0") == 0);
    CommStore *store = acomm_store_create();
    CHECK(store != NULL);
    char *none = acomm_list_channels(store);
    CHECK(none != NULL && strcmp(none, "[]") == 0);
    acomm_string_free(none);
    const char *const types[] = {"\"Direct\"", "\"Group\"", "\"Broadcast\"", "\"PubSub\""};
    for (uint32_t type = 0; type < 4; type++) {
        CHECK(acomm_create_channel(store, "ops", type) == type + 1);
        CHECK(holds(acomm_list_channels(store), types[type]));
    }
    CHECK(acomm_send_message(store, 2, "ana", "plain") == 1);
    CHECK(acomm_send_message(store, 2, "ana", "\"\\\n\t\x01\x7f \xc3\xa9 \xf0\x9f\x98\x80") == 2);
    const char *escaped = "\"content\":\"\\\"\\\\\\n\\t\\u0001\x7f \xc3\xa9 \xf0\x9f\x98\x80\"";
    CHECK(holds(acomm_receive_messages(store, 2), escaped));
    CHECK(holds(acomm_receive_messages(store, 2), "[{\"id\":1,\"channel_id\":2,"));
    CHECK(holds(acomm_receive_messages(store, 1), "[]"));
    CHECK(acomm_save(store, path));
    CommStore *loaded = acomm_load(path);
    CHECK(loaded != NULL && loaded != store);
    CHECK(holds(acomm_receive_messages(loaded, 2), escaped));
    CHECK(acomm_send_message(loaded, 2, "ana", "only here") == 3);
    struct acomm_draft drafts[] = {
        {2, "ana", "- first \xc3\xa9"}, {1, "ben", "\"second\""}, {2, "ana", "third"}};
    CHECK(acomm_send_many(loaded, drafts, 3) == 4);
    drafts[2].channel = 9;
    CHECK(acomm_send_many(loaded, drafts, 3) == 0);
    drafts[2].channel = 2;
    drafts[1].content = "";
    CHECK(acomm_send_many(loaded, drafts, 3) == 0);
    drafts[1].content = NULL;
    CHECK(acomm_send_many(loaded, drafts, 3) == 0);
    CHECK(acomm_send_many(loaded, drafts, 0) == 0);
    CHECK(acomm_send_many(NULL, drafts, 1) == 0);
    CHECK(acomm_send_many(loaded, drafts, 1) == 7);
    CHECK(!holds(acomm_receive_messages(store, 2), "only here"));
    acomm_store_free(loaded);
    acomm_store_free(store);
}

static void check_large(void) {
    CommStore *store = acomm_store_create();
    CHECK(acomm_create_channel(store, "large", 1) == 1);
    size_t most = 1048576;
    char *content = malloc(most + 2);
    memset(content, 1, most + 1);
    content[most + 1] = 0;
    CHECK(acomm_send_message(store, 1, "ana", content) == 0);
    content[most] = 0;
    CHECK(acomm_send_message(store, 1, "ana", content) == 1);
    CHECK(acomm_send_message(store, 1, "ana", content) == 2);
    char *all = acomm_receive_messages(store, 1);
    CHECK(all != NULL && strlen(all) > 12 * most && all[strlen(all) - 1] == ']');
    acomm_string_free(all);
    free(content);
    acomm_store_free(store);
}

static void check_failures(const char *directory) {
    CommStore *store = acomm_store_create();
    CHECK(acomm_create_channel(store, "ops", 1) == 1);
    CHECK(acomm_create_channel(NULL, "ops", 1) == 0);
    CHECK(acomm_create_channel(store, NULL, 1) == 0);
    CHECK(acomm_create_channel(store, "", 1) == 0);
    CHECK(acomm_create_channel(store, "no spaces", 1) == 0);
    CHECK(acomm_create_channel(store, "ops", 4) == 0);
    CHECK(acomm_send_message(NULL, 1, "ana", "x") == 0);
    CHECK(acomm_send_message(store, 1, NULL, "x") == 0);
    CHECK(acomm_send_message(store, 1, "ana", NULL) == 0);
    CHECK(acomm_send_message(store, 1, "", "x") == 0);
    CHECK(acomm_send_message(store, 1, "ana", "") == 0);
    CHECK(acomm_send_message(store, 0, "ana", "x") == 0);
    CHECK(acomm_send_message(store, 2, "ana", "x") == 0);
    CHECK(acomm_send_message(store, UINT64_MAX, "ana", "x") == 0);
    /* One above what JSON numbers say exactly: must not be rounded to a channel. */
    CHECK(acomm_send_message(store, UINT64_C(9007199254740993), "ana", "x") == 0);
    CHECK(acomm_receive_messages(NULL, 1) == NULL);
    CHECK(acomm_receive_messages(store, 2) == NULL);
    CHECK(acomm_list_channels(NULL) == NULL);
    CHECK(!acomm_save(NULL, "x.acomm"));
    CHECK(!acomm_save(store, NULL));
    CHECK(!acomm_save(store, ""));
    CHECK(!acomm_save(store, directory));
    CHECK(acomm_load(NULL) == NULL);
    CHECK(acomm_load("") == NULL);
    CHECK(acomm_load("missing.acomm") == NULL);
    CHECK(acomm_load(directory) == NULL);
    for (size_t i = 0; i < COUNT(not_utf8); i++) {
        CHECK(acomm_create_channel(store, not_utf8[i], 1) == 0);
        CHECK(acomm_send_message(store, 1, not_utf8[i], "x") == 0);
        CHECK(acomm_send_message(store, 1, "ana", not_utf8[i]) == 0);
        CHECK(!acomm_save(store, not_utf8[i]));
        CHECK(acomm_load(not_utf8[i]) == NULL);
    }
    CHECK(acomm_send_message(store, 1, "ana", "nothing of it was stored") == 1);
    acomm_store_free(store);
    acomm_store_free(NULL);
    acomm_string_free(NULL);
}

/* A relative path means the directory that we are in now. */
static void check_directories(const char *directory) {
    CommStore *store = acomm_store_create();
    CHECK(acomm_create_channel(store, "here", 1) == 1);
    CHECK(chdir(directory) == 0);
    CHECK(acomm_save(store, "relative.acomm"));
    CHECK(access("relative.acomm", F_OK) == 0);
    CommStore *loaded = acomm_load("./relative.acomm");
    CHECK(holds(acomm_list_channels(loaded), "\"here\""));
    acomm_store_free(loaded);
    acomm_store_free(store);
}

enum { threads = 16, rounds = 50 };

static CommStore *shared;

static void *chat(void *number) {
    char content[32], own[64];
    CommStore *alone = acomm_store_create();
    CHECK(acomm_create_channel(alone, "own", 1) == 1);
    for (int i = 1; i <= rounds; i++) {
        snprintf(content, sizeof content, "thread %d round %d", *(int *)number, i);
        snprintf(own, sizeof own, "\"content\":\"%s\"", content);
        CHECK(acomm_send_message(shared, 1, "ana", content) != 0);
        CHECK(acomm_send_message(alone, 1, "ana", content) == (uint64_t)i);
        CHECK(holds(acomm_receive_messages(alone, 1), own));
    }
    acomm_store_free(alone);
    return NULL;
}

static void check_threads(void) {
    pthread_t ids[threads];
    int numbers[threads];
    shared = acomm_store_create();
    CHECK(acomm_create_channel(shared, "shared", 1) == 1);
    for (int i = 0; i < threads; i++) {
        numbers[i] = i;
        CHECK(pthread_create(&ids[i], NULL, chat, &numbers[i]) == 0);
    }
    for (int i = 0; i < threads; i++) CHECK(pthread_join(ids[i], NULL) == 0);
    CHECK(acomm_send_message(shared, 1, "ana", "last") == threads * rounds + 1);
    acomm_store_free(shared);
}

/* A child has none of its parent's stores, and may have its own; the parent notices nothing. */
static void check_fork(void) {
    CommStore *store = acomm_store_create();
    CHECK(acomm_create_channel(store, "parents", 1) == 1);
    pid_t child = fork();
    if (child == 0) {
        CHECK(acomm_create_channel(store, "children", 1) == 0);
        CHECK(acomm_list_channels(store) == NULL);
        CHECK(setenv("ACOMM_PID", "/dev/null", 1) == 0);
        CommStore *own = acomm_store_create();
        CHECK(acomm_create_channel(own, "children", 1) == 1);
        CHECK(acomm_list_channels(store) == NULL);
        acomm_store_free(own);
        acomm_store_free(store);
        _exit(0);
    }
    int status = 1;
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    CHECK(acomm_create_channel(store, "parents", 1) == 2);
    acomm_store_free(store);
}

/* ACOMM_PROGRAM writes the number of the process to $ACOMM_PID before it becomes it. */
static pid_t process_behind(void) {
    FILE *file = fopen(getenv("ACOMM_PID"), "r");
    long pid = 0;
    CHECK(file != NULL && fscanf(file, "%ld", &pid) == 1);
    fclose(file);
    return (pid_t)pid;
}

static void check_death(void) {
    CommStore *store = acomm_store_create();
    CHECK(acomm_create_channel(store, "lost", 1) == 1);
    CHECK(kill(process_behind(), SIGKILL) == 0);
    CHECK(acomm_create_channel(store, "lost", 1) == 0);
    CHECK(acomm_list_channels(store) == NULL);
    CommStore *fresh = acomm_store_create();
    CHECK(fresh != NULL);
    CHECK(acomm_create_channel(fresh, "found", 1) == 1);
    CHECK(acomm_list_channels(store) == NULL);
    CHECK(!acomm_save(store, "lost.acomm"));
    CHECK(kill(process_behind(), SIGKILL) == 0);
    while (acomm_list_channels(fresh) != NULL) continue;
    acomm_store_free(store);
    acomm_store_free(fresh);
}

static void check_missing_program(void) {
    CHECK(setenv("ACOMM_PROGRAM", "/nowhere/acomm", 1) == 0);
    CHECK(acomm_store_create() == NULL);
    CHECK(acomm_load("missing.acomm") == NULL);
    CHECK(setenv("ACOMM_PROGRAM", "true", 1) == 0);
    CHECK(acomm_store_create() == NULL);
    CHECK(setenv("ACOMM_PROGRAM", "echo", 1) == 0);
    CHECK(acomm_store_create() == NULL);
}

int main(int count, char **arguments) {
    CHECK(count == 2);
    char path[4096];
    snprintf(path, sizeof path, "%s/store.acomm", arguments[1]);
    check_success(path);
    check_large();
    check_failures(arguments[1]);
    check_directories(arguments[1]);
    check_threads();
    check_fork();
    check_death();
    check_missing_program();
    puts("everything holds");
    return 0;
}
