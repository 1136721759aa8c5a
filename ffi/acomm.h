/*
 * Channels, messages and subscriptions for programs that link C.
 *
 * Every call is forwarded to one `acomm rpc` process, which the first call that needs it starts and
 * which ends with this process. The program is $ACOMM_PROGRAM, or else `acomm` on PATH.
 *
 * Texts are UTF-8 with a NUL at the end, and only borrowed. NULL where a value is needed, text that
 * is not UTF-8, and whatever the store refuses lead to the failure value named below. All functions
 * may be called from several threads; a store that is being freed must not be in use elsewhere.
 * Stores do not survive the `acomm rpc` process, nor a fork in the child: functions on them fail.
 */
#ifndef ACOMM_H
#define ACOMM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct CommStore CommStore;

/* The version of this interface; static, never to be freed. */
const char *acomm_version(void);

/* An empty store in memory, to be freed with acomm_store_free; NULL on failure. */
CommStore *acomm_store_create(void);

/* NULL is allowed. What was not saved is gone. */
void acomm_store_free(CommStore *store);

/* type: 0 direct, 1 group, 2 broadcast, 3 pubsub. The channel's id; 0 on failure. */
uint64_t acomm_create_channel(CommStore *store, const char *name, uint32_t type);

/* One text message for everybody in the channel. The message's id; 0 on failure. */
uint64_t acomm_send_message(CommStore *store, uint64_t channel, const char *sender,
                            const char *content);

struct acomm_draft {
    uint64_t channel;
    const char *sender;
    const char *content;
};

/* Many text messages in one exchange, all of them or none: a hundred cost little more than one.
   Their ids follow each other; the first one's id, 0 on failure and when there are none. Together
   they may have 16 MiB. */
uint64_t acomm_send_many(CommStore *store, const struct acomm_draft *drafts, size_t count);

/* The channel's messages, oldest first, as a compact JSON array, to be freed with
   acomm_string_free; NULL on failure. */
char *acomm_receive_messages(CommStore *store, uint64_t channel);

/* All channels by id, as a compact JSON array, to be freed with acomm_string_free; NULL on
   failure. */
char *acomm_list_channels(CommStore *store);

/* Writes an .acomm file; a file that is there is replaced as a whole or not at all. */
bool acomm_save(CommStore *store, const char *path);

/* The store of an .acomm file, to be freed with acomm_store_free; NULL on failure. */
CommStore *acomm_load(const char *path);

/* NULL is allowed. */
void acomm_string_free(char *text);

#ifdef __cplusplus
}
#endif

#endif
