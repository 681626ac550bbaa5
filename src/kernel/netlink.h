/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Netlink sockets, messages and attributes, over libmnl: the only file that knows the
 * library. Where it was not found, netlink_open() says so and nothing else is called.
 *
 * A message is built front to back: begin, put, nest, put, unnest. Attribute values of
 * netfilter are in network order, those of routing in the machine's: the functions say
 * which. Received values are bounds-checked spans; a short one reads as 0.
 */
#ifndef KERNEL_NETLINK_H
#define KERNEL_NETLINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

struct netlink;

/* Opens and binds a socket of a NETLINK_ family with room for `receive_len` bytes. NULL after an error, told. */
struct netlink *netlink_open(int family, size_t receive_len, struct text *error);
void netlink_close(struct netlink *netlink);

/* The socket's address: what echoes of its own requests carry. */
uint32_t netlink_port(const struct netlink *netlink);

/* Subscribes to a multicast group; false when the kernel has none. */
bool netlink_join(struct netlink *netlink, int group);

enum { NETLINK_MESSAGE_LEN = 4096 };

/* A request that is being built. Too much content makes it fail when it is sent, never overrun. */
struct netlink_message {
	union {
		uint8_t bytes[NETLINK_MESSAGE_LEN];
		uint64_t alignment;
	};
	bool is_too_long;
};

/* `fixed` is the family's own header behind the message header. */
void netlink_begin(struct netlink_message *message, uint16_t type, uint16_t flags, const void *fixed, size_t fixed_len);

/* The same for nfnetlink: subsystem, message, address family and resource (host order). */
void netlink_begin_netfilter(struct netlink_message *message, unsigned subsystem_message, uint16_t flags,
			     uint8_t family, uint16_t resource);

void netlink_put(struct netlink_message *message, uint16_t type, const void *value, size_t len);
void netlink_put_u8(struct netlink_message *message, uint16_t type, uint8_t value);
void netlink_put_u32(struct netlink_message *message, uint16_t type, uint32_t value);	/* machine order */
void netlink_put_be16(struct netlink_message *message, uint16_t type, uint16_t value);	/* network order */
void netlink_put_be32(struct netlink_message *message, uint16_t type, uint32_t value);
void netlink_put_string(struct netlink_message *message, uint16_t type, const char *value);

/* Opens a nest; its return value closes it. */
size_t netlink_nest(struct netlink_message *message, uint16_t type);
void netlink_unnest(struct netlink_message *message, size_t nest);

/* Borrowed bytes of a received message. */
struct netlink_span {
	const uint8_t *bytes;	/* NULL: not there */
	size_t len;
};

struct netlink_reply {
	uint16_t type, flags;
	uint32_t port;			/* who caused it: netlink_port() of the asker, or 0 */
	uint8_t family;			/* of nfnetlink messages */
	uint16_t resource;		/* likewise: the NFLOG group */
	struct netlink_span attributes;	/* behind the nfnetlink header */
};

typedef void netlink_listener(void *owner, const struct netlink_reply *reply);

/* Sends a request and waits for the acknowledgement: 0 or a negative errno. */
int netlink_ask(struct netlink *netlink, struct netlink_message *message);

/* Sends a request and shows every message of the answer (one, or a dump's all): 0 or a negative errno. */
int netlink_query(struct netlink *netlink, struct netlink_message *message, netlink_listener *listener, void *owner);

/* Shows every message that is queued, without waiting. False when the kernel had to drop some. */
bool netlink_drain(struct netlink *netlink, netlink_listener *listener, void *owner);

/* Attributes by type: table[0 .. n-1]; what is not there has NULL bytes. Unknown types are skipped. */
void netlink_parse(struct netlink_span attributes, struct netlink_span *table, size_t n);

/* Numbers in network order, whatever of 1, 2, 4 or 8 bytes is there; 0 when it is another length. */
uint64_t netlink_number(struct netlink_span span);

/* A string, also one that came without its NUL; at most size - 1 characters are copied. */
void netlink_copy_string(struct netlink_span span, char *string, size_t size);

#endif
