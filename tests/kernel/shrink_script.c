/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Each packet is written in the first of several forms that reads back as the very same bytes: in words, then by number with
 * its payload in hexadecimal.
 */
#include "shrink_script.h"

#include <inttypes.h>
#include <string.h>

#include "base/diag.h"
#include "base/source.h"
#include "capture/script.h"
#include "packet/decode.h"

enum { NS_PER_SECOND = 1000000000, MAC_LEN = 6, ETHERNET_LEN = 14, SHORTEST_HEX = 64 };

/* The addresses that were met, each with the station that sent from it or was sent to. */
struct names {
	struct {
		struct address address;
		uint8_t family;
		uint8_t mac[MAC_LEN];
	} list[64];
	size_t n;
};

struct form {
	const struct packet *packet;
	struct text *out;
};

static void print_end(const struct form *form, bool is_source, bool has_port)
{
	const struct packet *packet = form->packet;
	unsigned port = is_source ? packet->source_port : packet->destination_port;
	struct text text;

	text_init(&text);
	address_print((enum family)packet->family, is_source ? &packet->source : &packet->destination, &text);
	if (!has_port)
		text_append(form->out, text_string(&text));
	else
		text_printf(form->out, packet->family == FAMILY_IPV6 ? "[%s]:%u" : "%s:%u", text_string(&text), port);
	text_clear(&text);
}

static void print_ends(const struct form *form, bool has_ports)
{
	print_end(form, true, has_ports);
	text_append(form->out, " > ");
	print_end(form, false, has_ports);
}

static void print_hex(struct text *out, const uint8_t *bytes, size_t len)
{
	if (len)
		text_append(out, " hex ");
	for (size_t i = 0; i < len; i++)
		text_printf(out, "%02x", bytes[i]);
}

/* Of a layer 4 with a header of `header_len` bytes. */
static void print_payload(const struct form *form, size_t header_len)
{
	const struct packet *packet = form->packet;
	const uint8_t *bytes = packet->bytes + packet->l4_offset + header_len;
	size_t len = packet->len - packet->l4_offset - header_len, n_zeros = 0;

	while (n_zeros < len && !bytes[n_zeros])
		n_zeros++;
	if (len && n_zeros == len)
		text_printf(form->out, " len %zu", len);
	else
		print_hex(form->out, bytes, len);
}

static void print_udp(const struct form *form)
{
	text_append(form->out, "udp ");
	print_ends(form, true);
	print_payload(form, 8);
}

static void print_tcp_flags(const struct form *form)
{
	static const struct { uint8_t bit; char letter; } letters[] = {
		{ TCP_SYN, 'S' }, { TCP_FIN, 'F' }, { TCP_PSH, 'P' }, { TCP_RST, 'R' }, { TCP_URG, 'U' }, { TCP_ECE, 'E' }, { TCP_CWR, 'W' },
		{ TCP_ACK, '.' },
	};

	text_append_char(form->out, ' ');
	if (!form->packet->tcp_flags)
		text_append(form->out, "none");
	for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++)
		if (form->packet->tcp_flags & letters[i].bit)
			text_append_char(form->out, letters[i].letter);
}

static uint32_t read32(const uint8_t *bytes)
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static void print_tcp_option(const uint8_t *option, struct text *out)
{
	switch (option[0]) {
	case 2:
		text_printf(out, "mss %u", (unsigned)(option[2] << 8 | option[3]));
		break;
	case 3:
		text_printf(out, "wscale %u", option[2]);
		break;
	case 4:
		text_append(out, "sackOK");
		break;
	case 5:
		text_printf(out, "sack %" PRIu32 ":%" PRIu32, read32(option + 2), read32(option + 6));
		break;
	case 8:
		text_printf(out, "timestamp %" PRIu32 ":%" PRIu32, read32(option + 2), read32(option + 6));
		break;
	default:
		text_append(out, option[0] ? "nop" : "eol");
	}
}

static void print_tcp(const struct form *form)
{
	const struct packet *packet = form->packet;
	const uint8_t *option = packet->bytes + packet->l4_offset + 20, *end = option - 20 + packet->tcp_header_len;
	bool is_first = true;

	text_append(form->out, "tcp ");
	print_ends(form, true);
	print_tcp_flags(form);
	text_printf(form->out, " seq %" PRIu32, packet->tcp_sequence);
	if (packet->tcp_acknowledgment)
		text_printf(form->out, " ack %" PRIu32, packet->tcp_acknowledgment);
	text_printf(form->out, " win %u", packet->tcp_window);
	for (; option + 10 <= packet->bytes + packet->len + 8 && option < end; is_first = false) {
		size_t len = option[0] < 2 ? 1 : option[1];

		if (!len || option + len > packet->bytes + packet->len)
			break;
		text_append(form->out, is_first ? " <" : ",");
		print_tcp_option(option, form->out);
		option += len;
	}
	text_append(form->out, is_first ? "" : ">");
	print_payload(form, packet->tcp_header_len);
}

static void print_icmp(const struct form *form)
{
	const struct packet *packet = form->packet;

	text_append(form->out, packet->family == FAMILY_IPV4 ? "icmp " : "icmp6 ");
	print_ends(form, false);
	text_printf(form->out, " type %u code %u id %u seq %u", packet->icmp_type, packet->icmp_code, packet->icmp_id, packet->icmp_sequence);
	print_payload(form, 8);
}

/* All behind the IP header as it is. */
static void print_raw(const struct form *form)
{
	const struct packet *packet = form->packet;
	bool is_ipv4 = packet->family == FAMILY_IPV4;
	size_t header_len = is_ipv4 ? 20 : 40;

	text_printf(form->out, "proto %u ", packet->bytes[is_ipv4 ? 9 : 6]);
	print_ends(form, false);
	print_hex(form->out, packet->bytes + header_len, packet->len - header_len);
}

static void print_common(const struct form *form)
{
	const struct packet *packet = form->packet;

	if (packet->ttl != 64)
		text_printf(form->out, " ttl %u", packet->ttl);
	if (packet->tos)
		text_printf(form->out, " tos %u", packet->tos);
	if (packet->family == FAMILY_IPV4 && packet->ip_id)
		text_printf(form->out, " ip-id %u", packet->ip_id);
	if (packet->dont_fragment)
		text_append(form->out, " df");
	text_append_char(form->out, '\n');
}

static void print_names(const struct names *names, struct text *out)
{
	for (size_t i = 0; i < names->n; i++) {
		const uint8_t *mac = names->list[i].mac;

		text_printf(out, "host h%zu ", i + 1);
		address_print((enum family)names->list[i].family, &names->list[i].address, out);
		text_printf(out, " %02x:%02x:%02x:%02x:%02x:%02x\n", mac[0], mac[1], mac[2], mac[3], mac[4], mac[5]);
	}
}

static void add_name(struct names *names, const struct packet *packet, const struct address *address, const uint8_t *mac)
{
	for (size_t i = 0; i < names->n; i++)
		if (names->list[i].family == packet->family && address_is_equal(&names->list[i].address, address))
			return;
	if (names->n == sizeof(names->list) / sizeof(names->list[0]))
		return;
	names->list[names->n].family = packet->family;
	names->list[names->n].address = *address;
	memcpy(names->list[names->n++].mac, mac, MAC_LEN);
}

/* Does a script of `head` and this line make this frame? */
static bool reads_back(const struct text *head, const char *line, const struct shrink_frame *frame, bool is_mac_free)
{
	struct diagnostics diagnostics;
	struct source source;
	struct script script;
	struct text whole;
	size_t skipped = is_mac_free ? 2 * MAC_LEN : 0;
	bool is_same;

	text_init(&whole);
	text_printf(&whole, "%s0 %s", text_string(head), line);
	source_init(&source, "script", text_string(&whole), whole.len);
	diag_init(&diagnostics);
	is_same = script_parse(&script, &source, NULL, &diagnostics) && script.n_packets == 1 && script.packets[0].captured_len == frame->len &&
		  memcmp(script.packets[0].frame + skipped, frame->bytes + skipped, frame->len - skipped) == 0;
	diag_clear(&diagnostics);
	script_clear(&script);
	source_clear(&source);
	text_clear(&whole);
	return is_same;
}

static void print_time(const struct shrink_frame *frame, int64_t origin_ns, struct text *out)
{
	int64_t ns = frame->time_ns - origin_ns;

	text_printf(out, "%" PRId64 ".%09" PRId64 " ", ns / NS_PER_SECOND, ns % NS_PER_SECOND);
}

/* `is_mac_free`: where an address has more than one station, the script's own choice stands. */
static bool print_packet(const struct text *head, const struct shrink_frame *frame, int64_t origin_ns, struct text *out)
{
	static void (*const forms[])(const struct form *form) = { print_tcp, print_udp, print_icmp, print_raw };
	static const uint8_t protocols[] = { PROTOCOL_TCP, PROTOCOL_UDP, 0, 0 };
	struct packet packet;
	bool is_done = false;

	packet_init(&packet);
	packet.frame = frame->bytes;
	packet.captured_len = packet.original_len = (uint32_t)frame->len;
	decode_frame(&packet, SHRINK_LINK_TYPE);
	for (size_t i = 0; i < 2 * 4 && !is_done && packet.family != FAMILY_NONE; i++) {
		size_t which = i % 4;
		bool is_icmp = packet.protocol == PROTOCOL_ICMP || packet.protocol == PROTOCOL_ICMPV6;
		struct text line;

		if ((which < 2 && packet.protocol != protocols[which]) || (which == 2 && !is_icmp) || (which < 3 && !packet.has_l4) ||
		    (which == 0 && (packet.tcp_header_len < 20 || packet.l4_offset + packet.tcp_header_len > packet.len)))
			continue;
		text_init(&line);
		forms[which](&(struct form){ &packet, &line });
		print_common(&(struct form){ &packet, &line });
		is_done = reads_back(head, text_string(&line), frame, i >= 4);
		if (is_done) {
			print_time(frame, origin_ns, out);
			text_append(out, text_string(&line));
		}
		text_clear(&line);
	}
	packet_clear(&packet);
	return is_done;
}

bool shrink_script_print(const struct shrink_frame *frames, size_t n_frames, struct text *out)
{
	struct names names = { .n = 0 };
	struct text head;
	bool is_ok = n_frames > 0;

	for (size_t i = 0; i < n_frames; i++) {
		struct packet packet;

		packet_init(&packet);
		packet.frame = frames[i].bytes;
		packet.captured_len = packet.original_len = (uint32_t)frames[i].len;
		decode_frame(&packet, SHRINK_LINK_TYPE);
		if (packet.family != FAMILY_NONE) {
			add_name(&names, &packet, &packet.source, frames[i].bytes + MAC_LEN);
			add_name(&names, &packet, &packet.destination, frames[i].bytes);
		}
		packet_clear(&packet);
	}
	text_init(&head);
	text_append(&head, "# ctreplay packets\n# SPDX-License-Identifier: GPL-2.0-or-later\n");
	print_names(&names, &head);
	text_append(out, text_string(&head));
	for (size_t i = 0; i < n_frames && is_ok; i++)
		is_ok = print_packet(&head, &frames[i], frames[0].time_ns, out);
	text_clear(&head);
	return is_ok;
}
