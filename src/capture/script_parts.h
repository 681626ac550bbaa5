/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of the packet script share, private to capture/script*.c. */
#ifndef CAPTURE_SCRIPT_PARTS_H
#define CAPTURE_SCRIPT_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture/script.h"
#include "packet/address.h"

enum { SCRIPT_UNSET = 0x7fffffff, SCRIPT_MOST_OPTIONS = 40, SCRIPT_LONGEST = 65535 };

/* A name for an address. */
struct script_host {
	const char *name;
	struct address address;
	enum family family;
	bool has_mac;
	uint8_t mac[6];
};

/* A word, a "string" with its quotes, or one of < > , of a line; empty at the line's end. */
struct script_word {
	const char *text;
	size_t len;
	struct source_range where;
};

/* Reading one line. */
struct script_line {
	const struct source *source;
	struct diagnostics *diagnostics;
	struct script *script;
	uint32_t at, end;	/* offsets into the source */
};

/* One packet as its line describes it. Numbers are what is written, SCRIPT_UNSET where nothing is. */
struct script_spec {
	enum family family;
	uint8_t protocol;
	bool is_plain;			/* "proto NUMBER": the payload is everything behind the IP header */
	bool has_ports;
	struct address source, destination;
	const struct script_host *source_host, *destination_host;
	uint32_t source_port, destination_port;
	uint32_t tcp_flags, sequence, acknowledgment, window, urgent;
	uint8_t options[SCRIPT_MOST_OPTIONS];
	uint32_t options_len;
	uint32_t icmp_type, icmp_code, icmp_id, icmp_sequence, mtu;
	struct address gateway;
	bool has_gateway;
	uint32_t about, quote;		/* number of the quoted packet; 0: none */
	uint32_t sctp_tag;
	const uint8_t *payload;		/* in the arena, in another frame, or script_zeros */
	uint32_t payload_len;
	uint8_t *chunks;		/* of SCTP: the payload while it grows */
	uint32_t chunks_capacity;
	bool has_payload;
	uint32_t ttl, tos, ip_id;
	bool dont_fragment, is_fragment, more_fragments;
	uint32_t fragment_offset, fragment_size;
	bool bad_checksum, no_checksum, bad_ip_checksum, broadcast;
	uint32_t cut;
	uint32_t vlan;			/* 802.1Q; SCRIPT_UNSET: no tag */
	uint32_t split;			/* payload bytes of IP in each of several fragments; SCRIPT_UNSET: one packet */
	bool is_conversation;		/* what follows are actions: see script_converse() */
};

/* The next word, moving past it; what follows # is left out. */
struct script_word script_next(struct script_line *line);
struct script_word script_peek(const struct script_line *line);

bool script_word_is(const struct script_word *word, const char *text);

/* Decimal or 0x hexadecimal, at most `most`; an error that names `what` otherwise. */
bool script_number(struct script_line *line, const struct script_word *word, const char *what, uint32_t most,
		   uint32_t *number);

/* Seconds with up to nine decimals, and an s behind them or not; `is_relative` when there is a + in front. */
bool script_time(const struct script_word *word, bool *is_relative, int64_t *ns);

/* "2026-01-02T03:04:05Z", with decimals before the Z if need be. */
bool script_date(const struct script_word *word, int64_t *ns);

/* An address or a host's name; an error otherwise. */
bool script_address(struct script_line *line, const struct script_word *word, enum family *family,
		    struct address *address, const struct script_host **host);

/* "ADDRESS:PORT", "NAME:PORT", "[V6]:PORT"; without a port where there is none to be. */
bool script_end(struct script_line *line, const struct script_word *word, struct script_spec *spec, bool is_source);

/* What "len N" carries. */
extern const uint8_t script_zeros[SCRIPT_LONGEST];

/* "len 5", "data "text"" or the text alone, "hex 0102": the payload, `kind` being the first word. */
bool script_payload(struct script_line *line, const struct script_word *kind, struct script_spec *spec);

bool script_mac(const struct script_word *word, uint8_t mac[6]);

/* Everything of a packet line behind its time; of a conversation up to its first action. */
bool script_read_spec(struct script_line *line, struct script_spec *spec);

/* "ttl 5 tos 2": items up to the end of the line. */
bool script_read_items(struct script_line *line, struct script_spec *spec);

/* True for the first word of a conversation of that protocol. */
bool script_is_action(const struct script_word *word, uint8_t protocol);

/* The packets of a conversation, whose ends are those of `spec`: "connect, send 100, recv 2000, close". */
bool script_converse(struct script_line *line, struct script_spec *spec, int64_t time_ns);

/* Adds a packet that was made before once more. */
void script_repeat(struct script_line *line, size_t index, int64_t time_ns);

/* The frame of a spec, or its fragments, added to the script's packets. */
bool script_build(struct script_line *line, const struct script_spec *spec, int64_t time_ns);

#endif
