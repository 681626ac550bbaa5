/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel/nflog.h"

#include <arpa/inet.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_log.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/alloc.h"
#include "kernel/probes.h"

enum { RECEIVE_LEN = 64 << 20, WHOLE_PACKET = 0xffff, BUFFER_LEN = 1 << 17 };

static int configure(struct nflog *nflog, unsigned group, uint16_t type, const void *value, size_t len)
{
	struct netlink_message message;

	netlink_begin_netfilter(&message, NFNL_SUBSYS_ULOG << 8 | NFULNL_MSG_CONFIG, 0, AF_UNSPEC, (uint16_t)group);
	netlink_put(&message, type, value, len);
	return netlink_ask(nflog->netlink, &message);
}

static bool bind_group(struct nflog *nflog, unsigned group, uint8_t copy_mode, struct text *error)
{
	const struct nfulnl_msg_config_cmd bind_command = { .command = NFULNL_CFG_CMD_BIND };
	const struct nfulnl_msg_config_mode mode = { .copy_range = htonl(WHOLE_PACKET), .copy_mode = copy_mode };
	const uint32_t threshold = htonl(1), buffer = htonl(BUFFER_LEN);
	int result = configure(nflog, group, NFULA_CFG_CMD, &bind_command, sizeof(bind_command));

	if (!result)
		result = configure(nflog, group, NFULA_CFG_MODE, &mode, sizeof(mode));
	if (!result)
		result = configure(nflog, group, NFULA_CFG_QTHRESH, &threshold, sizeof(threshold));
	if (!result)
		result = configure(nflog, group, NFULA_CFG_NLBUFSIZ, &buffer, sizeof(buffer));
	if (result)
		text_printf(error, "NFLOG group %u (module nfnetlink_log): %s", group, strerror(-result));
	return result == 0;
}

bool nflog_open(struct nflog *nflog, struct text *error)
{
	memset(nflog, 0, sizeof(*nflog));
	text_init(&nflog->payloads);
	nflog->netlink = netlink_open(NETLINK_NETFILTER, RECEIVE_LEN, error);
	return nflog->netlink && bind_group(nflog, PROBES_GROUP_TRACE, NFULNL_COPY_META, error) &&
	       bind_group(nflog, PROBES_GROUP_META, NFULNL_COPY_META, error) &&
	       bind_group(nflog, PROBES_GROUP_FULL, NFULNL_COPY_PACKET, error);
}

void nflog_close(struct nflog *nflog)
{
	netlink_close(nflog->netlink);
	free(nflog->records);
	text_clear(&nflog->payloads);
	memset(nflog, 0, sizeof(*nflog));
}

static void take_record(void *owner, const struct netlink_reply *reply)
{
	struct nflog *nflog = owner;
	struct netlink_span attributes[NFULA_MAX + 1];
	const struct nfulnl_msg_packet_hdr *header;
	struct nflog_record *record;

	if (reply->type != (NFNL_SUBSYS_ULOG << 8 | NFULNL_MSG_PACKET))
		return;
	netlink_parse(reply->attributes, attributes, NFULA_MAX + 1);
	header = (const void *)attributes[NFULA_PACKET_HDR].bytes;
	if (!header || attributes[NFULA_PACKET_HDR].len < sizeof(*header) || header->hook >= HOOK_COUNT)
		return;
	if (nflog->n_records == nflog->capacity) {
		nflog->capacity = alloc_grown_capacity(nflog->capacity, nflog->n_records + 1);
		nflog->records = alloc_resize(nflog->records, nflog->capacity, sizeof(*nflog->records));
	}
	record = &nflog->records[nflog->n_records++];
	record->group = reply->resource;
	record->hook = (enum hook)header->hook;
	record->mark = (uint32_t)netlink_number(attributes[NFULA_MARK]);
	record->in = (uint32_t)netlink_number(attributes[NFULA_IFINDEX_INDEV]);
	record->out = (uint32_t)netlink_number(attributes[NFULA_IFINDEX_OUTDEV]);
	netlink_copy_string(attributes[NFULA_PREFIX], record->prefix, sizeof(record->prefix));
	record->payload = nflog->payloads.len;
	record->payload_len = attributes[NFULA_PAYLOAD].len;
	if (record->payload_len)
		text_append_bytes(&nflog->payloads, (const char *)attributes[NFULA_PAYLOAD].bytes, record->payload_len);
}

bool nflog_read_more(struct nflog *nflog)
{
	return netlink_drain(nflog->netlink, take_record, nflog);
}

bool nflog_read(struct nflog *nflog)
{
	nflog->n_records = 0;
	text_reset(&nflog->payloads);
	return nflog_read_more(nflog);
}
