#include "cli/html_page.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "lightlane/base/error.hpp"

namespace lightlane::cli::html {
namespace {

constexpr std::string_view style = R"(
:root { color-scheme: light dark; --paper: #ffffff; --card: #f6f7f9; --ink: #1b1f24; --soft: #5b6572; --line: #d5dae1;
  --grid: #e6e9ee; --bar: #2f6fc4; --mark: #c2620a; --limit: #b3261e; --good: #1a7f37; --bad: #b3261e; --alarm: #fdecea;
  --lane0: #2f6fc4; --lane1: #c2620a; --lane2: #1a7f37; --lane3: #8e44ad; --lane4: #0a8f8f; --lane5: #c2417c; --lane6: #8a6d00;
  --lane7: #5b6572; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #12161c; --card: #1a2029; --ink: #e4e8ee; --soft: #9aa5b4; --line: #343d4a; --grid: #28303b;
    --bar: #5b9bea; --mark: #f0a04b; --limit: #ff8a80; --good: #3fb950; --bad: #ff7b72; --alarm: #3a1d1f;
    --lane0: #5b9bea; --lane1: #f0a04b; --lane2: #3fb950; --lane3: #c58af0; --lane4: #3ec6c6; --lane5: #f07fb0; --lane6: #d4b13c;
    --lane7: #9aa5b4; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
main { max-width: 1160px; margin: 0 auto; padding: 28px 20px 48px; }
h1 { font-size: 26px; line-height: 1.25; margin: 0; display: flex; flex-wrap: wrap; gap: 8px 14px; align-items: center; }
h2 { font-size: 20px; margin: 44px 0 4px; padding-top: 18px; border-top: 2px solid var(--line); display: flex; flex-wrap: wrap;
  gap: 8px 12px; align-items: center; }
h3 { font-size: 16px; margin: 32px 0 6px; } h4 { font-size: 14px; margin: 16px 0 4px; }
p { margin: 6px 0; max-width: 92ch; }
p.soft, figcaption, footer { color: var(--soft); }
p.note { border-left: 3px solid var(--mark); padding: 2px 0 2px 12px; margin: 12px 0; }
a { color: var(--bar); }
.badge { font-size: .72em; font-weight: 700; letter-spacing: .06em; color: var(--paper); padding: 3px 12px; border-radius: 5px; }
.pass { background: var(--good); } .fail { background: var(--bad); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(46%, 172px), 1fr)); gap: 10px; margin: 16px 0 6px; }
.tiles.many { grid-template-columns: repeat(auto-fit, minmax(min(46%, 230px), 1fr)); }
.tiles div { background: var(--card); border: 1px solid var(--line); border-radius: 7px; padding: 10px 14px; }
.tiles b { display: block; font-size: 20px; font-weight: 600; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.tiles span { color: var(--soft); font-size: 13px; }
.tiles .alarm { border-color: var(--bad); } .tiles .alarm b { color: var(--bad); }
.side { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 430px), 1fr)); gap: 10px 36px;
  align-items: start; }
.side > div, .gallery > div { min-width: 0; }
.gallery { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(45%, 216px), 1fr)); gap: 6px 20px; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 14px; font-variant-numeric: tabular-nums; margin: 4px 0 10px; }
caption { text-align: left; color: var(--soft); padding: 2px 0 5px; }
th, td { padding: 4px 10px; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--grid); }
th { color: var(--soft); font-weight: 600; white-space: normal; border-bottom: 1px solid var(--line); vertical-align: bottom; }
th:first-child, td:first-child { padding-left: 0; } th:last-child, td:last-child { padding-right: 0; }
th.text, td.text { text-align: left; } .facts td.text, td.text:last-child { white-space: normal; }
td.loose { white-space: normal; } td.command { min-width: 280px; } td.command span { white-space: nowrap; }
td.verdict .badge { font-size: 11px; padding: 1px 8px; }
.shares td { vertical-align: top; } .facts.shares td:first-child { white-space: nowrap; }
td.meter { width: 16%; min-width: 60px; }
td.meter i { display: block; height: .65em; margin-top: .45em; background: var(--bar); opacity: .75; min-width: 1px; }
td.basis { color: var(--soft); font-size: 12.5px; min-width: 170px; }
tr.alarm td { background: var(--alarm); }
code, pre, td.command { font: 13px/1.45 ui-monospace, "SFMono-Regular", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
pre { background: var(--card); border: 1px solid var(--line); border-radius: 7px; padding: 12px 14px; overflow-x: auto; }
details { margin: 28px 0; } summary { cursor: pointer; font-weight: 600; }
details.fold { margin: 10px 0; } details.fold > summary { color: var(--bar); }
details.part { border-top: 2px solid var(--line); margin: 18px 0 0; padding-top: 12px; }
details.part > summary h2 { display: inline-flex; border: 0; margin: 0; padding: 0; color: var(--ink); vertical-align: middle; }
figure { margin: 4px 0 10px; }
figcaption { font-size: 13px; } .key { display: inline-block; margin-right: 14px; }
svg { display: block; width: 100%; height: auto; }
svg text { font-size: 13px; fill: var(--ink); font-variant-numeric: tabular-nums; }
svg .soft { fill: var(--soft); }
svg .grid { stroke: var(--grid); } svg .axis { stroke: var(--soft); }
svg .bar { fill: var(--bar); } svg .bad { fill: var(--bad); }
svg .loss { fill: var(--bar); opacity: .62; } svg .good { fill: var(--good); opacity: .8; }
svg .stem { stroke: var(--bar); stroke-width: 2.5; } svg .gap { stroke: var(--paper); stroke-width: 5; } svg .cut-off { stroke: var(--bar); stroke-width: 1.5; } svg .strong { font-weight: 600; }
svg .code { font-family: ui-monospace, "SFMono-Regular", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 12.5px; }
svg .curve { fill: none; stroke-width: 1.6; } svg .worst { stroke-width: 3; } svg .ring { fill: var(--paper); stroke-width: 2; }
svg .margin, svg .margin-line { fill: var(--good); stroke: var(--good); stroke-width: 2; }
svg .missing, svg .missing-line { fill: var(--bad); stroke: var(--bad); stroke-width: 2; }
svg .eye-level { stroke: #fff; stroke-width: 1.5; } svg .eye-threshold { stroke: #fff; stroke-opacity: .7; stroke-dasharray: 6 5; }
svg .eye-window { fill: #fff; fill-opacity: .18; stroke: #fff; stroke-width: .7; } svg .cut { stroke: var(--mark); stroke-dasharray: 6 5; }
svg .lane0 { stroke: var(--lane0); } svg .lane1 { stroke: var(--lane1); } svg .lane2 { stroke: var(--lane2); }
svg .lane3 { stroke: var(--lane3); } svg .lane4 { stroke: var(--lane4); } svg .lane5 { stroke: var(--lane5); }
svg .lane6 { stroke: var(--lane6); } svg .lane7 { stroke: var(--lane7); }
svg .span { stroke: var(--bar); stroke-width: 2.5; fill: none; } svg .thin { stroke: var(--soft); stroke-dasharray: 2 3; }
svg .mark { stroke: var(--mark); stroke-width: 3; fill: none; }
svg .limit { stroke: var(--limit); stroke-width: 1.8; stroke-dasharray: 7 4; } svg .limit-text { fill: var(--limit); }
svg .halo { paint-order: stroke; stroke: var(--paper); stroke-width: 5px; }
footer { margin-top: 40px; font-size: 13px; border-top: 1px solid var(--line); padding-top: 10px; }
@media (max-width: 600px) { main { padding: 16px 14px 32px; } svg text { font-size: 16.5px; } svg.small text { font-size: 15px; }
  table { font-size: 13.5px; } th, td { padding: 4px 7px; } .side td, td.text:nth-child(2) { white-space: normal; }
  td.verdict .badge { font-size: 10px; padding: 1px 5px; letter-spacing: 0; }
  svg text.bin { font-size: 15px; } svg .code { font-size: 15px; } h1 { font-size: 22px; } }
@media print {
  :root { --paper: #fff; --card: #fff; --ink: #000; --soft: #444; --line: #999; --grid: #ddd; --bar: #2f6fc4; --mark: #c2620a;
    --limit: #b3261e; --good: #1a7f37; --bad: #b3261e; --alarm: #fdecea; --lane0: #2f6fc4; --lane1: #c2620a; --lane2: #1a7f37;
    --lane3: #8e44ad; --lane4: #0a8f8f; --lane5: #c2417c; --lane6: #8a6d00; --lane7: #5b6572; }
  details.fold:not([open])::details-content { content-visibility: visible; display: block; block-size: auto; }
  .gallery { grid-template-columns: repeat(4, 1fr); } td.basis { font-size: 8px; min-width: 0; } .side table { font-size: 8.5px; }
  td.verdict .badge { font-size: 7.5px; padding: 0 6px; } .keep { break-inside: avoid; }
  .facts.shares td:first-child { white-space: normal; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  body { font-size: 11px; } main { max-width: none; padding: 0; } table, code, td.command { font-size: 9px; }
  th, td { padding: 2px 8px; } .side th, .side td { padding: 2px 4px; } h3 { margin: 16px 0 4px; font-size: 13px; } h4 { margin: 8px 0 2px; font-size: 11.5px; } h2 { margin-top: 24px; } pre { font-size: 8px; }
  details { margin: 12px 0; } footer { margin-top: 8px; padding-top: 4px; font-size: 9px; }
  .side { grid-template-columns: 1fr 1fr; } .tiles { grid-template-columns: repeat(6, 1fr); gap: 6px; } .tiles.many { grid-template-columns: repeat(4, 1fr); }
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
  if (column.basis) return " class=\"text basis\"";
  if (column.verdict) return " class=\"text verdict\"";
  if (column.loose) return " class=\"loose\"";
  return column.number ? "" : " class=\"text\"";
}

std::string cell_content(const Column& column, const std::string& cell) {
  if (column.command) return command_line(cell);
  if (column.verdict && (cell == "PASS" || cell == "FAIL")) return badge(cell == "PASS");
  return escape(cell);
}

/// Parts in a box of that class, each in one of its own.
std::string boxes(std::string_view style_name, const std::vector<std::string>& parts) {
  std::string out = fmt::format("<div class=\"{}\">\n", style_name);
  for (const std::string& part : parts) {
    if (!part.empty()) out += "<div>\n" + part + "</div>\n";
  }
  return out + "</div>\n";
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
    rows_ += fmt::format("<td{}>{}</td>", cell_class(columns_[i]), cell_content(columns_[i], cells[i]));
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
  std::string out = fmt::format("<div class=\"tiles{}\">\n", list.size() > 6 ? " many" : "");
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

std::string shares(std::string_view value_name, const std::vector<Share>& list) {
  std::string out = "<div class=\"scroll\"><table class=\"facts shares\">\n<thead><tr>";
  out += fmt::format("<th scope=\"col\" class=\"text\"></th><th scope=\"col\">{}</th>", escape(value_name));
  out += "<th scope=\"col\"></th><th scope=\"col\" class=\"text\">basis</th></tr></thead>\n<tbody>\n";
  for (const Share& share : list) {
    out += fmt::format(
        "<tr><td class=\"text\">{}</td><td>{}</td><td class=\"meter\"><i style=\"width:{:.1f}%\"></i></td>"
        "<td class=\"text basis\">{}</td></tr>\n",
        escape(share.name), escape(share.value), 100 * std::clamp(share.part, 0.0, 1.0), escape(share.basis));
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

std::string fold(std::string_view summary, const std::string& content, bool open) {
  return fmt::format("<details class=\"fold\"{}><summary>{}</summary>\n{}</details>\n", open ? " open" : "",
                     escape(summary), content);
}

std::string part(std::string_view name, bool pass, const std::string& content, bool open) {
  return fmt::format("<details class=\"fold part\"{}><summary>{}</summary>\n{}</details>\n",
                     open ? " open" : "", heading(2, name, badge(pass)), content);
}

std::string badge(bool pass) {
  return fmt::format("<span class=\"badge {0}\">{1}</span>", pass ? "pass" : "fail", pass ? "PASS" : "FAIL");
}

std::string side_by_side(const std::vector<std::string>& parts) { return boxes("side", parts); }

std::string together(const std::string& content) { return "<div class=\"keep\">\n" + content + "</div>\n"; }

std::string gallery(const std::vector<std::string>& parts) { return boxes("gallery", parts); }

std::string page(std::string_view title, std::string_view body) {
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, "
      "initial-scale=1\">\n<title>{}</title>\n<style>{}</style>\n"
      "</head>\n<body>\n<main>\n{}</main>\n</body>\n</html>\n",
      escape(title), style, body);
}

}  // namespace lightlane::cli::html
