#include "cli/html_page.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "lightlane/base/error.hpp"

namespace lightlane::cli::html {
namespace {

constexpr std::string_view style = R"(
:root { color-scheme: light dark; --paper: #ffffff; --card: #f6f7f9; --ink: #1b1f24; --soft: #5b6572; --line: #d5dae1;
  --grid: #e6e9ee; --bar: #2f6fc4; --mark: #c2620a; --limit: #b3261e; --good: #1a7f37; --bad: #b3261e; --alarm: #fdecea; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #12161c; --card: #1a2029; --ink: #e4e8ee; --soft: #9aa5b4; --line: #343d4a; --grid: #28303b;
    --bar: #5b9bea; --mark: #f0a04b; --limit: #ff8a80; --good: #3fb950; --bad: #ff7b72; --alarm: #3a1d1f; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
main { max-width: 1160px; margin: 0 auto; padding: 28px 20px 48px; }
h1 { font-size: 26px; line-height: 1.25; margin: 0; display: flex; flex-wrap: wrap; gap: 8px 14px; align-items: center; }
h2 { font-size: 20px; margin: 44px 0 4px; padding-top: 18px; border-top: 2px solid var(--line); display: flex; flex-wrap: wrap;
  gap: 8px 12px; align-items: center; }
h3 { font-size: 16px; margin: 32px 0 6px; }
p { margin: 6px 0; max-width: 92ch; }
p.soft, figcaption, footer { color: var(--soft); }
p.note { border-left: 3px solid var(--mark); padding: 2px 0 2px 12px; margin: 12px 0; }
a { color: var(--bar); }
.badge { font-size: .72em; font-weight: 700; letter-spacing: .06em; color: var(--paper); padding: 3px 12px; border-radius: 5px; }
.pass { background: var(--good); } .fail { background: var(--bad); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(172px, 1fr)); gap: 10px; margin: 16px 0 6px; }
.tiles div { background: var(--card); border: 1px solid var(--line); border-radius: 7px; padding: 10px 14px; }
.tiles b { display: block; font-size: 20px; font-weight: 600; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.tiles span { color: var(--soft); font-size: 13px; }
.tiles .alarm { border-color: var(--bad); } .tiles .alarm b { color: var(--bad); }
.side { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 430px), 1fr)); gap: 10px 36px;
  align-items: start; }
.side > div { min-width: 0; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 14px; font-variant-numeric: tabular-nums; margin: 4px 0 10px; }
caption { text-align: left; color: var(--soft); padding: 2px 0 5px; }
th, td { padding: 4px 10px; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--grid); }
th { color: var(--soft); font-weight: 600; border-bottom: 1px solid var(--line); vertical-align: bottom; }
th:first-child, td:first-child { padding-left: 0; } th:last-child, td:last-child { padding-right: 0; }
th.text, td.text { text-align: left; } .facts td.text, td.text:last-child { white-space: normal; }
td.command { min-width: 280px; } td.command span { white-space: nowrap; }
tr.alarm td { background: var(--alarm); }
code, pre, td.command { font: 13px/1.45 ui-monospace, "SFMono-Regular", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
pre { background: var(--card); border: 1px solid var(--line); border-radius: 7px; padding: 12px 14px; overflow-x: auto; }
details { margin: 28px 0; } summary { cursor: pointer; font-weight: 600; }
figure { margin: 4px 0 10px; }
figcaption { font-size: 13px; } .key { display: inline-block; margin-right: 14px; }
svg { display: block; width: 100%; height: auto; }
svg text { font-size: 13px; fill: var(--ink); font-variant-numeric: tabular-nums; }
svg .soft { fill: var(--soft); }
svg .grid { stroke: var(--grid); } svg .axis { stroke: var(--soft); }
svg .bar { fill: var(--bar); } svg .bad { fill: var(--bad); }
svg .span { stroke: var(--bar); stroke-width: 2.5; fill: none; } svg .thin { stroke: var(--soft); stroke-dasharray: 2 3; }
svg .mark { stroke: var(--mark); stroke-width: 3; fill: none; }
svg .limit { stroke: var(--limit); stroke-width: 1.8; stroke-dasharray: 7 4; } svg .limit-text { fill: var(--limit); }
svg .halo { paint-order: stroke; stroke: var(--paper); stroke-width: 5px; }
footer { margin-top: 40px; font-size: 13px; border-top: 1px solid var(--line); padding-top: 10px; }
@media (max-width: 600px) { main { padding: 16px 14px 32px; } svg text { font-size: 17px; } svg text.bin { font-size: 15px; } h1 { font-size: 22px; } }
@media print {
  :root { --paper: #fff; --card: #fff; --ink: #000; --soft: #444; --line: #999; --grid: #ddd; --bar: #2f6fc4; --mark: #c2620a;
    --limit: #b3261e; --good: #1a7f37; --bad: #b3261e; --alarm: #fdecea; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  body { font-size: 11px; } main { max-width: none; padding: 0; } table, code, td.command { font-size: 9px; }
  th, td { padding: 2px 8px; } h3 { margin: 16px 0 4px; font-size: 13px; } h2 { margin-top: 24px; } pre { font-size: 8px; }
  details { margin: 12px 0; } footer { margin-top: 8px; padding-top: 4px; font-size: 9px; }
  .side { grid-template-columns: 1fr 1fr; } .tiles { grid-template-columns: repeat(6, 1fr); gap: 6px; }
  .tiles div { padding: 6px 8px; } .tiles b { font-size: 13px; } .tiles span, figcaption { font-size: 9px; }
  svg text { font-size: 13px; } svg text.bin { font-size: 13px; }
  figure, .tiles, tr { break-inside: avoid; } h2, h3, caption { break-after: avoid; }
  .scroll, pre { overflow: visible; white-space: pre-wrap; } }
)";

/// Words that stay whole: a line may break between them, not behind the hyphens of an option.
std::string command_line(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    out += fmt::format("{}<span>{}</span>", out.empty() ? "" : " ", escape(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

std::string_view cell_class(const Column& column) {
  if (column.command) return " class=\"text command\"";
  return column.number ? "" : " class=\"text\"";
}

}  // namespace

std::string escape(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      case '\n':
      case '\t':
        out += c;
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
          out += "\xEF\xBF\xBD";
        else
          out += c;
    }
  }
  return out;
}

Table::Table(std::string caption, std::vector<Column> columns)
    : caption_(std::move(caption)), columns_(std::move(columns)) {}

void Table::row(const std::vector<std::string>& cells, bool alarm) {
  LIGHTLANE_ASSERT(cells.size() == columns_.size());
  rows_ += alarm ? "<tr class=\"alarm\">" : "<tr>";
  for (std::size_t i = 0; i < cells.size(); ++i) {
    rows_ += fmt::format("<td{}>{}</td>", cell_class(columns_[i]),
                         columns_[i].command ? command_line(cells[i]) : escape(cells[i]));
  }
  rows_ += "</tr>\n";
}

std::string Table::html() const {
  std::string out = "<div class=\"scroll\"><table>\n";
  if (!caption_.empty()) out += fmt::format("<caption>{}</caption>\n", escape(caption_));
  out += "<thead><tr>";
  for (const Column& column : columns_) {
    out += fmt::format("<th scope=\"col\"{}>{}</th>", column.number ? "" : " class=\"text\"",
                       escape(column.name));
  }
  return out + "</tr></thead>\n<tbody>\n" + rows_ + "</tbody></table></div>\n";
}

std::string tiles(const std::vector<Fact>& list) {
  std::string out = "<div class=\"tiles\">\n";
  for (const Fact& fact : list) {
    out += fmt::format("<div{}><b>{}</b><span>{}</span></div>\n", fact.alarm ? " class=\"alarm\"" : "",
                       escape(fact.value), escape(fact.name));
  }
  return out + "</div>\n";
}

std::string facts(std::string caption, const std::vector<Fact>& list) {
  std::string out = "<div class=\"scroll\"><table class=\"facts\">\n";
  if (!caption.empty()) out += fmt::format("<caption>{}</caption>\n", escape(caption));
  out += "<tbody>\n";
  for (const Fact& fact : list) {
    out += fmt::format("<tr{}><td class=\"text\">{}</td><td>{}</td></tr>\n",
                       fact.alarm ? " class=\"alarm\"" : "", escape(fact.name), escape(fact.value));
  }
  return out + "</tbody></table></div>\n";
}

std::string heading(int level, std::string_view text, std::string_view extra) {
  return fmt::format("<h{0}>{1}{2}</h{0}>\n", level, extra, escape(text));
}

std::string paragraph(std::string_view text, std::string_view style_name) {
  const std::string mark = style_name.empty() ? "" : fmt::format(" class=\"{}\"", escape(style_name));
  return fmt::format("<p{}>{}</p>\n", mark, escape(text));
}

std::string details(std::string_view summary, std::string_view text) {
  return fmt::format("<details><summary>{}</summary>\n<pre>{}</pre></details>\n", escape(summary),
                     escape(text));
}

std::string badge(bool pass) {
  return fmt::format("<span class=\"badge {0}\">{1}</span>", pass ? "pass" : "fail", pass ? "PASS" : "FAIL");
}

std::string side_by_side(const std::vector<std::string>& parts) {
  std::string out = "<div class=\"side\">\n";
  for (const std::string& part : parts) {
    if (!part.empty()) out += "<div>\n" + part + "</div>\n";
  }
  return out + "</div>\n";
}

std::string page(std::string_view title, std::string_view body) {
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, "
      "initial-scale=1\">\n<title>{}</title>\n<style>{}</style>\n"
      "</head>\n<body>\n<main>\n{}</main>\n</body>\n</html>\n",
      escape(title), style, body);
}

}  // namespace lightlane::cli::html
