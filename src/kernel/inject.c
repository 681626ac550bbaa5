/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel/inject.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/alloc.h"
#include "packet/checksum.h"
#include "packet/decode.h"
#include "packet/fragment.h"

enum { ETHERNET_LEN = 14, SEND_BUFFER = 4 << 20 };

static size_t family_index(enum family family)
{
	return family == FAMILY_IPV4 ? 0 : 1;
}

/* IPPROTO_RAW implies that the headers are part of what is sent. */
static int open_raw(int family)
{
	int file = socket(family, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW), on = 1, off = 0, len = SEND_BUFFER;

	if (file < 0)
		return -1;
	setsockopt(file, SOL_SOCKET, SO_SNDBUF, &len, sizeof(len));
	if (family == AF_INET) {
		setsockopt(file, SOL_SOCKET, SO_BROADCAST, &on, sizeof(on));
		setsockopt(file, IPPROTO_IP, IP_MULTICAST_LOOP, &off, sizeof(off));
	} else {
		setsockopt(file, IPPROTO_IPV6, IPV6_MULTICAST_LOOP, &off, sizeof(off));
	}
	return file;
}

void inject_close(struct inject *inject)
{
	for (size_t i = 0; i < 2; i++)
		if (inject->raw[i] >= 0)
			close(inject->raw[i]);
	for (size_t i = 0; i < inject->n_memberships; i++)
		close(inject->memberships[i]);
	free(inject->memberships);
	free(inject->groups);
	free(inject->bytes);
	memset(inject, 0, sizeof(*inject));
	inject->raw[0] = inject->raw[1] = -1;
}

static uint8_t *reserve(struct inject *inject, size_t len)
{
	if (inject->capacity < len) {
		inject->capacity = alloc_grown_capacity(inject->capacity, len);
		inject->bytes = alloc_resize(inject->bytes, inject->capacity, 1);
	}
	return inject->bytes;
}

/* UDP over IPv4 may go without. */
static bool has_chosen_none(const struct packet *packet, int offset)
{
	const uint8_t *field = packet->bytes + packet->l4_offset + (uint32_t)offset;

	return packet->protocol == PROTOCOL_UDP && packet->family == FAMILY_IPV4 && !field[0] && !field[1];
}

/* A right checksum of layer 4, where there is one to be filled in. */
static void mend_checksum(uint8_t *bytes, uint32_t len)
{
	struct packet packet;
	int offset;

	packet_init(&packet);
	decode_ip(&packet, bytes, len, len);
	offset = checksum_field_offset(packet.protocol);
	if (packet.has_l4 && !fragment_may_be(&packet) && offset >= 0 && packet.protocol != PROTOCOL_SCTP &&
	    packet.l4_offset + (uint32_t)offset + 2 <= len && !has_chosen_none(&packet, offset)) {
		uint16_t checksum = checksum_compute_l4(&packet);

		bytes[packet.l4_offset + (uint32_t)offset] = (uint8_t)(checksum >> 8);
		bytes[packet.l4_offset + (uint32_t)offset + 1] = (uint8_t)checksum;
	}
	packet_clear(&packet);
}

static void mend_header_checksum(uint8_t *header, size_t len)
{
	size_t header_len = (header[0] & 15u) * 4u;
	uint16_t checksum;

	if (header_len > len)
		return;
	header[10] = header[11] = 0;
	checksum = checksum_finish(checksum_add(0, header, header_len));
	header[10] = (uint8_t)(checksum >> 8);
	header[11] = (uint8_t)checksum;
}

/* A length of 0 is one that segmentation offload fills in. */
static void mend_length(uint8_t *header, size_t len)
{
	header[2] = (uint8_t)(len >> 8);
	header[3] = (uint8_t)len;
	mend_header_checksum(header, len);
}

/*
 * Linux 6.18, raw_send_hdrinc(): an identification of 0 is filled in, so that the fragments of such a datagram would never meet.
 * They get another one, the same for all.
 */
static void mend_identification(const struct packet *packet, uint8_t *header, size_t len)
{
	if (packet->family != FAMILY_IPV4 || !packet->is_fragment || header[4] || header[5])
		return;
	header[4] = header[5] = 0xff;
	mend_header_checksum(header, len);
}

/* Not what is sent in fragments, be it a single one. */
static bool is_finished_by_card(const struct packet *packet)
{
	struct fragment piece;

	return (packet->protocol == PROTOCOL_TCP || packet->protocol == PROTOCOL_UDP) && fragment_find(packet, &piece) == FRAGMENT_NONE;
}

/* A header may also promise more than was ever sent: the kernel is to see that. */
static size_t sent_len(const struct packet *packet)
{
	return packet->captured_len < packet->original_len ? packet->total_len : packet->len;
}

/*
 * The whole IP packet behind `headroom` bytes for a link layer. A packet that was cut is filled up, and its checksum is of
 * what is sent in its place; `is_own`: of the host, which leaves checksums to its network card, so that the capture may
 * not show them. So it is with a packet that was captured as it left.
 */
static uint8_t *copy_packet(struct inject *inject, const struct packet *packet, size_t headroom, bool is_own)
{
	size_t len = sent_len(packet);
	uint8_t *frame = reserve(inject, headroom + len), *bytes = frame + headroom;

	memcpy(bytes, packet->bytes, packet->len);
	memset(bytes + packet->len, 0, len - packet->len);
	if (packet->family == FAMILY_IPV4 && !bytes[2] && !bytes[3])
		mend_length(bytes, len);
	if (is_own)
		mend_identification(packet, bytes, len);
	if (len > packet->len || ((is_own || packet->is_checksum_trusted) && is_finished_by_card(packet)))
		mend_checksum(bytes, (uint32_t)len);
	return frame;
}

static bool explain(const struct netns_interface *interface, struct text *error)
{
	text_printf(error, "%s: %s", interface ? interface->name : "raw socket", strerror(errno));
	return false;
}

static bool receive(struct inject *inject, const struct packet *packet, const struct netns_interface *interface,
		    struct text *error)
{
	size_t headroom = inject->netns->is_ethernet ? ETHERNET_LEN : 0;
	uint8_t *frame = copy_packet(inject, packet, headroom, false);
	const struct link_info *link = &packet->link;

	if (headroom) {
		static const uint8_t somebody[6] = { 2, 0xaa, 0, 0, 0, 1 };
		bool is_group = link->has_destination_mac && (link->destination_mac[0] & 1);

		/* A frame to another station would not be taken: the capture shows what the host received. */
		memcpy(frame, is_group ? link->destination_mac : interface->mac, 6);
		memcpy(frame + 6, link->has_source_mac ? link->source_mac : somebody, 6);
		frame[12] = packet->family == FAMILY_IPV4 ? 0x08 : 0x86;
		frame[13] = packet->family == FAMILY_IPV4 ? 0x00 : 0xdd;
	}
	if (write(interface->device, frame, headroom + sent_len(packet)) < 0)
		return explain(interface, error);
	return true;
}

/* Where routing alone does not say it: multicast, broadcast and link-local destinations need an interface. */
static bool needs_interface(const struct packet *packet)
{
	enum family family = packet->family;

	return address_is_multicast(family, &packet->destination) || address_is_link_local(family, &packet->destination) ||
	       (family == FAMILY_IPV4 && address_ipv4(&packet->destination) == UINT32_MAX);
}

union control {
	struct cmsghdr header;
	uint8_t bytes[CMSG_SPACE(sizeof(struct in6_pktinfo)) + CMSG_SPACE(sizeof(struct in_pktinfo))];
};

static void name_interface(struct msghdr *message, union control *control, enum family family, int index)
{
	struct in_pktinfo info4 = { .ipi_ifindex = index };
	struct in6_pktinfo info6 = { .ipi6_ifindex = (unsigned)index };
	bool is_ipv4 = family == FAMILY_IPV4;
	size_t len = is_ipv4 ? sizeof(info4) : sizeof(info6);
	struct cmsghdr *header;

	memset(control, 0, sizeof(*control));
	message->msg_control = control;
	message->msg_controllen = CMSG_SPACE(len);
	header = CMSG_FIRSTHDR(message);
	header->cmsg_level = is_ipv4 ? IPPROTO_IP : IPPROTO_IPV6;
	header->cmsg_type = is_ipv4 ? IP_PKTINFO : IPV6_PKTINFO;
	header->cmsg_len = CMSG_LEN(len);
	memcpy(CMSG_DATA(header), is_ipv4 ? (void *)&info4 : (void *)&info6, len);
}

/* IPv6 has no groups on lo. */
static int index_of(const struct netns_interface *interface, const char *name, enum family family)
{
	if (interface)
		return interface->index;
	return family == FAMILY_IPV4 && strcmp(name, NETNS_LOOPBACK) == 0 ? NETNS_LOOPBACK_INDEX : 0;
}

/* By the interface of this index, where routing does not say it; 0: none is known. EPERM is netfilter's "dropped": an answer, not a failure. */
static bool send_from_host(struct inject *inject, const struct packet *packet, int interface, struct text *error)
{
	struct sockaddr_in to4 = { .sin_family = AF_INET };
	struct sockaddr_in6 to6 = { .sin6_family = AF_INET6 };
	struct iovec part = { .iov_base = copy_packet(inject, packet, 0, true), .iov_len = sent_len(packet) };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
	union control control;

	address_to_bytes(packet->family, &packet->destination,
			 packet->family == FAMILY_IPV4 ? (uint8_t *)&to4.sin_addr : to6.sin6_addr.s6_addr);
	message.msg_name = packet->family == FAMILY_IPV4 ? (void *)&to4 : (void *)&to6;
	message.msg_namelen = packet->family == FAMILY_IPV4 ? sizeof(to4) : sizeof(to6);
	if (interface && needs_interface(packet)) {
		to6.sin6_scope_id = (uint32_t)interface;
		name_interface(&message, &control, packet->family, interface);
	}
	if (sendmsg(inject->raw[family_index(packet->family)], &message, 0) < 0 && errno != EPERM)
		return explain(NULL, error);
	return true;
}

static bool has_joined(const struct inject *inject, const struct address *group)
{
	for (size_t i = 0; i < inject->n_groups; i++)
		if (address_is_equal(&inject->groups[i], group))
			return true;
	return false;
}

/* One socket a group and interface: there is a limit to a socket's memberships. */
static void join_on(struct inject *inject, enum family family, const struct address *group, int index)
{
	int file = socket(family == FAMILY_IPV4 ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ip_mreqn request4 = { .imr_ifindex = index };
	struct ipv6_mreq request6 = { .ipv6mr_interface = (unsigned)index };

	if (file < 0)
		return;
	if (family == FAMILY_IPV4) {
		address_to_bytes(family, group, (uint8_t *)&request4.imr_multiaddr);
		setsockopt(file, IPPROTO_IP, IP_ADD_MEMBERSHIP, &request4, sizeof(request4));
	} else {
		address_to_bytes(family, group, request6.ipv6mr_multiaddr.s6_addr);
		setsockopt(file, IPPROTO_IPV6, IPV6_JOIN_GROUP, &request6, sizeof(request6));
	}
	inject->memberships = alloc_resize(inject->memberships, inject->n_memberships + 1, sizeof(*inject->memberships));
	inject->memberships[inject->n_memberships++] = file;
}

/* A real host has joined the groups whose packets it takes. */
static void join(struct inject *inject, enum family family, const struct address *group)
{
	enum { MOST_GROUPS = 256 };

	if (has_joined(inject, group) || inject->n_groups == MOST_GROUPS)
		return;
	inject->groups = alloc_resize(inject->groups, inject->n_groups + 1, sizeof(*inject->groups));
	inject->groups[inject->n_groups++] = *group;
	for (size_t i = 0; i < inject->netns->n_interfaces; i++)
		join_on(inject, family, group, inject->netns->interfaces[i].index);
	join_on(inject, family, group, NETNS_LOOPBACK_INDEX);
}

/* An interface without ARP does not join the solicited-node groups of its addresses by itself, as others do. */
static void join_solicited(struct inject *inject, const struct netns_address *address)
{
	const struct netns_interface *interface = netns_find(inject->netns, address->interface);
	uint8_t bytes[16], group[16] = { 0xff, 2, [11] = 1, [12] = 0xff };
	struct address solicited;

	if (!interface || address->family != FAMILY_IPV6)
		return;
	address_to_bytes(FAMILY_IPV6, &address->address, bytes);
	memcpy(group + 13, bytes + 13, 3);
	solicited = address_from_bytes(FAMILY_IPV6, group);
	join_on(inject, FAMILY_IPV6, &solicited, interface->index);
}

static void join_planned(struct inject *inject, const struct netns_plan *plan)
{
	for (size_t i = 0; i < plan->n_addresses && plan->knows_groups; i++)
		join_solicited(inject, &plan->addresses[i]);
	for (size_t i = 0; i < plan->n_groups; i++) {
		const struct netns_group *group = &plan->groups[i];

		for (size_t k = 0; k < inject->netns->n_interfaces; k++) {
			const struct netns_interface *interface = &inject->netns->interfaces[k];

			if (!group->interface || strcmp(group->interface, interface->name) == 0)
				join_on(inject, group->family, &group->group, interface->index);
		}
		if (!group->interface || strcmp(group->interface, NETNS_LOOPBACK) == 0)
			join_on(inject, group->family, &group->group, NETNS_LOOPBACK_INDEX);
	}
}

bool inject_open(struct inject *inject, const struct netns *netns, const struct netns_plan *plan, struct text *error)
{
	memset(inject, 0, sizeof(*inject));
	inject->netns = netns;
	inject->raw[0] = open_raw(AF_INET);
	inject->raw[1] = open_raw(AF_INET6);	/* a machine without IPv6 has none */
	join_planned(inject, plan);
	if (inject->raw[0] < 0)
		text_printf(error, "a raw socket: %s", strerror(errno));
	return inject->raw[0] >= 0;
}

bool inject_packet(struct inject *inject, const struct packet *packet, bool is_from_host, const char *interface,
		   struct text *error)
{
	const struct netns_interface *found = netns_find(inject->netns, interface);

	if (!inject->netns->knows_groups && address_is_multicast(packet->family, &packet->destination))
		join(inject, packet->family, &packet->destination);
	if (is_from_host)
		return send_from_host(inject, packet, index_of(found, interface, packet->family), error);
	if (!found)
		found = &inject->netns->interfaces[0];
	return receive(inject, packet, found, error);
}
