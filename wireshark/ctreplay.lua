-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- Fields of what ctreplay writes into the comments of a capture (--out pcapng=FILE): columns and display filters for Wireshark and tshark.
--
--   tshark -X lua_script:ctreplay.lua -r annotated.pcapng -Y 'ctreplay.verdict == "DROP"'
--
-- Installed for good: in Wireshark's folder of personal plugins (Help, About, Folders).

local ctreplay = Proto("ctreplay", "ctreplay: what netfilter would have done")

local fields = {
	verdict = ProtoField.string("ctreplay.verdict", "Verdict", "ACCEPT, DROP, REJECT, QUEUE, HELD; not judged"),
	ctstate = ProtoField.string("ctreplay.ctstate", "ctstate", "What -m conntrack would have seen"),
	direction = ProtoField.string("ctreplay.direction", "Direction", "original or reply"),
	reason = ProtoField.string("ctreplay.reason", "Reason", "Why it was lost outside the rules"),
	rule = ProtoField.string("ctreplay.rule", "Rule", "Table, chain and number of the rule that decided"),
	table = ProtoField.string("ctreplay.table", "Table"),
	chain = ProtoField.string("ctreplay.chain", "Chain"),
	number = ProtoField.uint32("ctreplay.number", "Number", base.DEC, nil, nil, "In its chain; 0 is the chain's policy"),
	place = ProtoField.string("ctreplay.place", "Place", "File and line of the rule"),
	invalid = ProtoField.string("ctreplay.invalid", "Why INVALID"),
	entry = ProtoField.uint32("ctreplay.entry", "Entry", base.DEC, nil, nil, "Number of the conntrack entry"),
	change = ProtoField.string("ctreplay.change", "Change", "What the packet did to its entry"),
	state = ProtoField.string("ctreplay.state", "State", "The protocol's state of the entry"),
	timeout = ProtoField.uint32("ctreplay.timeout", "Timeout", base.DEC, nil, nil, "Seconds that the entry lives without another packet"),
	assured = ProtoField.bool("ctreplay.assured", "ASSURED"),
	line = ProtoField.string("ctreplay.line", "Entry's line", "As /proc/net/nf_conntrack shows it"),
	sent = ProtoField.string("ctreplay.sent", "Leaves as", "Addresses and ports after NAT"),
	unsimulated = ProtoField.string("ctreplay.unsimulated", "Depends on", "A rule that is not simulated"),
}
ctreplay.fields = fields

local comments = Field.new("frame.comment")
local verdicts = { ACCEPT = true, DROP = true, REJECT = true, QUEUE = true, HELD = true, ["not judged"] = true }
local ctstates = { NEW = true, ESTABLISHED = true, RELATED = true, INVALID = true, UNTRACKED = true }

-- The pieces between "; ".
local function split(comment)
	local pieces = {}
	for piece in (comment .. "; "):gmatch("(.-); ") do
		pieces[#pieces + 1] = piece
	end
	return pieces
end

-- "by filter INPUT 3 office.rules:12"
local function add_rule(tree, words)
	local name, chain, number, place = words:match("^(%S+) (%S+) (%S+) ?(.*)$")
	if not name then
		return
	end
	local rule = tree:add(fields.rule, name .. " " .. chain .. " " .. number)
	rule:add(fields.table, name)
	rule:add(fields.chain, chain)
	rule:add(fields.number, tonumber(number) or 0)
	if place ~= "" then
		rule:add(fields.place, place)
	end
end

-- "17 new: ipv4     2 tcp      6 119 TIME_WAIT src=..."
local function add_entry(tree, words)
	local id, change, line = words:match("^(%d+) (%a+): (.*)$")
	if not id then
		return
	end
	local entry = tree:add(fields.entry, tonumber(id))
	local timeout, rest = line:match("^%S+ +%d+ %S+ +%d+ (%d+) (.*)$")
	entry:add(fields.change, change)
	entry:add(fields.line, line)
	if timeout then
		local state = rest:match("^([%u%d_]+) ")
		entry:add(fields.timeout, tonumber(timeout))
		if state then
			entry:add(fields.state, state)
		end
	end
	entry:add(fields.assured, line:find("[ASSURED]", 1, true) ~= nil)
end

local function add_state(tree, piece)
	local ctstate, direction = piece:match("^(%u+) ?(%l*)$")
	if not ctstates[ctstate] then
		return false
	end
	tree:add(fields.ctstate, ctstate)
	if direction ~= "" then
		tree:add(fields.direction, direction)
	end
	return true
end

local function add_piece(tree, piece)
	local name, words = piece:match("^(by) (.*)$")
	if name then
		return add_rule(tree, words)
	end
	words = piece:match("^entry (.*)$")
	if words then
		return add_entry(tree, words)
	end
	for _, known in ipairs({
		{ "^INVALID: (.*)$", fields.invalid }, { "^leaves as (.*)$", fields.sent },
		{ "^depends on what is not simulated: (.*)$", fields.unsimulated },
	}) do
		words = piece:match(known[1])
		if words then
			tree:add(known[2], words)
			return
		end
	end
	tree:add(fields.reason, piece)
end

-- What ctreplay writes is the last comment of a frame; those of the original stand before it.
local function last_comment()
	local all = { comments() }
	return #all > 0 and all[#all].value or nil
end

function ctreplay.dissector(_, _, root)
	local comment = last_comment()
	local pieces = comment and split(comment) or {}
	if not verdicts[pieces[1]] then
		return
	end
	local tree = root:add(ctreplay)
	tree:append_text(": " .. comment)
	tree:add(fields.verdict, pieces[1])
	local first = 2
	if pieces[2] and add_state(tree, pieces[2]) then
		first = 3
	end
	for i = first, #pieces do
		add_piece(tree, pieces[i])
	end
end

-- All fields: a filter or a column may ask for any of them.
register_postdissector(ctreplay, true)
