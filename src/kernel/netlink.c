/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel/netlink.h"

#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/alloc.h"

enum { RECEIVE_LEN = 1 << 20 };

struct netlink {
	struct mnl_socket *socket;
	uint32_t sequence;
	union {
		uint8_t bytes[RECEIVE_LEN];
		uint64_t alignment;
	} received;
};

struct netlink *netlink_open(int family, size_t receive_len, struct text *error)
{
	struct mnl_socket *socket = mnl_socket_open2(family, SOCK_CLOEXEC);
	int len = (int)receive_len;
	struct netlink *netlink;

	if (!socket || mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) < 0) {
		text_printf(error, "netlink socket of family %d: %s", family, strerror(errno));
		if (socket)
			mnl_socket_close(socket);
		return NULL;
	}
	/* Forcing needs privilege outside of the namespace; without it the system's limit holds. */
	if (setsockopt(mnl_socket_get_fd(socket), SOL_SOCKET, SO_RCVBUFFORCE, &len, sizeof(len)) < 0)
		setsockopt(mnl_socket_get_fd(socket), SOL_SOCKET, SO_RCVBUF, &len, sizeof(len));
	netlink = alloc_zeroed(1, sizeof(*netlink));
	netlink->socket = socket;
	return netlink;
}

void netlink_close(struct netlink *netlink)
{
	if (!netlink)
		return;
	mnl_socket_close(netlink->socket);
	free(netlink);
}

uint32_t netlink_port(const struct netlink *netlink)
{
	return mnl_socket_get_portid(netlink->socket);
}

bool netlink_join(struct netlink *netlink, int group)
{
	return mnl_socket_setsockopt(netlink->socket, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group)) == 0;
}

static struct nlmsghdr *header_of(struct netlink_message *message)
{
	return (struct nlmsghdr *)(void *)message->bytes;
}

void netlink_begin(struct netlink_message *message, uint16_t type, uint16_t flags, const void *fixed, size_t fixed_len)
{
	struct nlmsghdr *header = mnl_nlmsg_put_header(message->bytes);

	header->nlmsg_type = type;
	header->nlmsg_flags = (uint16_t)(flags | NLM_F_REQUEST);
	memcpy(mnl_nlmsg_put_extra_header(header, fixed_len), fixed, fixed_len);
	message->is_too_long = false;
}

void netlink_begin_netfilter(struct netlink_message *message, unsigned subsystem_message, uint16_t flags,
			     uint8_t family, uint16_t resource)
{
	struct nfgenmsg fixed = { .nfgen_family = family, .version = NFNETLINK_V0, .res_id = htons(resource) };

	netlink_begin(message, (uint16_t)subsystem_message, flags, &fixed, sizeof(fixed));
}

void netlink_put(struct netlink_message *message, uint16_t type, const void *value, size_t len)
{
	if (!mnl_attr_put_check(header_of(message), sizeof(message->bytes), type, len, value))
		message->is_too_long = true;
}

void netlink_put_u8(struct netlink_message *message, uint16_t type, uint8_t value)
{
	netlink_put(message, type, &value, sizeof(value));
}

void netlink_put_u32(struct netlink_message *message, uint16_t type, uint32_t value)
{
	netlink_put(message, type, &value, sizeof(value));
}

void netlink_put_be16(struct netlink_message *message, uint16_t type, uint16_t value)
{
	uint16_t ordered = htons(value);

	netlink_put(message, type, &ordered, sizeof(ordered));
}

void netlink_put_be32(struct netlink_message *message, uint16_t type, uint32_t value)
{
	netlink_put_u32(message, type, htonl(value));
}

void netlink_put_string(struct netlink_message *message, uint16_t type, const char *value)
{
	netlink_put(message, type, value, strlen(value) + 1);
}

size_t netlink_nest(struct netlink_message *message, uint16_t type)
{
	struct nlattr *nest = mnl_attr_nest_start_check(header_of(message), sizeof(message->bytes), type);

	if (!nest) {
		message->is_too_long = true;
		return 0;
	}
	return (size_t)((uint8_t *)nest - message->bytes);
}

void netlink_unnest(struct netlink_message *message, size_t nest)
{
	if (!message->is_too_long)
		mnl_attr_nest_end(header_of(message), (struct nlattr *)(void *)(message->bytes + nest));
}

static bool send_message(struct netlink *netlink, struct netlink_message *message, uint16_t flags)
{
	struct nlmsghdr *header = header_of(message);

	if (message->is_too_long) {
		errno = EMSGSIZE;
		return false;
	}
	header->nlmsg_flags |= flags;
	header->nlmsg_seq = ++netlink->sequence;
	return mnl_socket_sendto(netlink->socket, header, header->nlmsg_len) >= 0;
}

static void show(const struct nlmsghdr *header, netlink_listener *listener, void *owner)
{
	const struct nfgenmsg *fixed = mnl_nlmsg_get_payload(header);
	struct netlink_reply reply = {
		.type = header->nlmsg_type,
		.flags = header->nlmsg_flags,
		.port = header->nlmsg_pid,
	};

	if (mnl_nlmsg_get_payload_len(header) < sizeof(*fixed))
		return;
	reply.family = fixed->nfgen_family;
	reply.resource = ntohs(fixed->res_id);
	reply.attributes.bytes = mnl_nlmsg_get_payload_offset(header, sizeof(*fixed));
	reply.attributes.len = mnl_nlmsg_get_payload_len(header) - MNL_ALIGN(sizeof(*fixed));
	listener(owner, &reply);
}

/* The error in a NLMSG_ERROR message: 0 for an acknowledgement. */
static int error_in(const struct nlmsghdr *header)
{
	const struct nlmsgerr *error = mnl_nlmsg_get_payload(header);

	return mnl_nlmsg_get_payload_len(header) < sizeof(error->error) ? -EBADMSG : error->error;
}

/*
 * One datagram of an answer. True when the answer has ended; *error then says how. `is_single`: one message is
 * all of it.
 */
static bool take_answer(struct netlink *netlink, size_t len, bool is_single, netlink_listener *listener, void *owner,
			int *error)
{
	const struct nlmsghdr *header = (const void *)netlink->received.bytes;
	int left = (int)len;

	for (; mnl_nlmsg_ok(header, left); header = mnl_nlmsg_next(header, &left)) {
		if (header->nlmsg_seq != netlink->sequence)
			continue;	/* the rest of an answer that nobody waited for */
		if (header->nlmsg_type == NLMSG_ERROR) {
			*error = error_in(header);
			return true;
		}
		if (header->nlmsg_type == NLMSG_DONE)
			return true;
		show(header, listener, owner);
		if (is_single)
			return true;	/* ctnetlink sets NLM_F_MULTI in single answers too */
	}
	return false;
}

static int receive_answer(struct netlink *netlink, bool is_single, netlink_listener *listener, void *owner)
{
	int error = 0;

	for (;;) {
		ssize_t len = mnl_socket_recvfrom(netlink->socket, netlink->received.bytes, RECEIVE_LEN);

		if (len < 0 && errno == EINTR)
			continue;
		if (len < 0)
			return -errno;
		if (take_answer(netlink, (size_t)len, is_single, listener, owner, &error))
			return error;
	}
}

static void ignore_reply(void *owner, const struct netlink_reply *reply)
{
	(void)owner;
	(void)reply;
}

int netlink_ask(struct netlink *netlink, struct netlink_message *message)
{
	if (!send_message(netlink, message, NLM_F_ACK))
		return -errno;
	return receive_answer(netlink, false, ignore_reply, NULL);
}

int netlink_query(struct netlink *netlink, struct netlink_message *message, netlink_listener *listener, void *owner)
{
	bool is_dump = (header_of(message)->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP;

	if (!send_message(netlink, message, 0))
		return -errno;
	return receive_answer(netlink, !is_dump, listener, owner);
}

bool netlink_drain(struct netlink *netlink, netlink_listener *listener, void *owner)
{
	bool is_complete = true;

	for (;;) {
		ssize_t len = recv(mnl_socket_get_fd(netlink->socket), netlink->received.bytes, RECEIVE_LEN, MSG_DONTWAIT);
		const struct nlmsghdr *header = (const void *)netlink->received.bytes;
		int left = (int)len;

		if (len < 0 && errno == ENOBUFS)
			is_complete = false;
		else if (len < 0 && errno != EINTR)
			return is_complete;
		for (; len > 0 && mnl_nlmsg_ok(header, left); header = mnl_nlmsg_next(header, &left))
			if (header->nlmsg_type >= NLMSG_MIN_TYPE)
				show(header, listener, owner);
	}
}

struct attribute_table {
	struct netlink_span *spans;
	size_t n;
};

static int take_attribute(const struct nlattr *attribute, void *data)
{
	const struct attribute_table *table = data;
	uint16_t type = mnl_attr_get_type(attribute);

	if (type < table->n) {
		table->spans[type].bytes = mnl_attr_get_payload(attribute);
		table->spans[type].len = mnl_attr_get_payload_len(attribute);
	}
	return MNL_CB_OK;
}

void netlink_parse(struct netlink_span attributes, struct netlink_span *table, size_t n)
{
	struct attribute_table data = { .spans = table, .n = n };

	memset(table, 0, n * sizeof(*table));
	if (attributes.bytes)
		mnl_attr_parse_payload(attributes.bytes, attributes.len, take_attribute, &data);
}

uint64_t netlink_number(struct netlink_span span)
{
	uint64_t number = 0;

	if (span.len != 1 && span.len != 2 && span.len != 4 && span.len != 8)
		return 0;
	for (size_t i = 0; i < span.len; i++)
		number = number << 8 | span.bytes[i];
	return number;
}

void netlink_copy_string(struct netlink_span span, char *string, size_t size)
{
	size_t len = 0;

	for (; len < span.len && len + 1 < size && span.bytes[len]; len++)
		string[len] = (char)span.bytes[len];
	string[len] = '\0';
}
