// The only file that names ANTLR: it turns bytes into words, and the words of a declaration into a
// concrete tree. What the words mean by where they stand (words.h), where declarations begin
// (outline.h), what a syntax error is called (syntax_error.h) and the syntax tree (build.h) know
// nothing of it.

#include "language/parse.h"

#include "MotetLexer.h"
#include "MotetParser.h"
#include "language/build.h"
#include "language/cst.h"
#include "language/outline.h"
#include "language/syntax_error.h"
#include "language/text/utf8.h"
#include "language/words.h"

namespace motet {
namespace {

using grammar::MotetLexer;
using grammar::MotetParser;

#define MOTET_TOKEN(name, spelling) \
  static_assert(static_cast<std::size_t>(TokenKind::name) == static_cast<std::size_t>(MotetLexer::name));
#include "language/tokens.def"
#undef MOTET_TOKEN
#define MOTET_RULE(name) \
  static_assert(static_cast<std::size_t>(Rule::name) == static_cast<std::size_t>(MotetParser::Rule##name));
#include "language/rules.def"
#undef MOTET_RULE

// Hands out bytes, so that every offset of ANTLR's is one of ours. The text is valid UTF-8, and the
// grammar is ASCII outside comments and strings.
class ByteStream final : public antlr4::CharStream {
 public:
  explicit ByteStream(std::string_view text) : text_(text) {}

  void consume() override { ++at_; }
  std::size_t LA(ssize_t i) override {
    const std::size_t offset = at_ + static_cast<std::size_t>(i > 0 ? i - 1 : i);
    return offset < text_.size() ? static_cast<unsigned char>(text_[offset]) : IntStream::EOF;
  }
  ssize_t mark() override { return 0; }
  void release(ssize_t) override {}
  std::size_t index() override { return at_; }
  void seek(std::size_t index) override { at_ = index; }
  std::size_t size() override { return text_.size(); }
  std::string getSourceName() const override { return ""; }
  std::string getText(const antlr4::misc::Interval&) override { return ""; }
  std::string toString() const override { return ""; }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

// Collects words instead of making token objects.
class Lexer final : public MotetLexer {
 public:
  Lexer(antlr4::CharStream* stream, syntax::Module& module, std::string_view text)
      : MotetLexer(stream), module_(module), text_(text) {
    removeErrorListeners();
  }

  std::vector<Token> run() {
    while (!hitEOF) nextToken();
    return std::move(words_);
  }

  antlr4::Token* emit() override {
    if (type == antlr4::Token::EOF) return nullptr;
    Token word;
    word.kind = static_cast<TokenKind>(type);
    word.begin = static_cast<std::uint32_t>(tokenStartCharIndex);
    word.end = static_cast<std::uint32_t>(getCharIndex());
    if (word.kind != TokenKind::Comment) {
      words_.push_back(word);
    } else {
      std::string_view comment = text_.substr(word.begin, word.end - word.begin);
      while (comment.ends_with(' ') || comment.ends_with('\t')) comment.remove_suffix(1);
      const Span span{module_.file, word.begin, word.begin + static_cast<std::uint32_t>(comment.size())};
      module_.comments.push_back({std::string(comment.substr(2)), span});
    }
    return nullptr;
  }

 private:
  syntax::Module& module_;
  std::string_view text_;
  std::vector<Token> words_;
};

class Word final : public antlr4::Token {
 public:
  Word(std::size_t type, std::size_t index) : type_(type), index_(index) {}
  std::string getText() const override { return ""; }
  std::size_t getType() const override { return type_; }
  std::size_t getLine() const override { return 0; }
  std::size_t getCharPositionInLine() const override { return 0; }
  std::size_t getChannel() const override { return 0; }
  std::size_t getTokenIndex() const override { return index_; }
  std::size_t getStartIndex() const override { return index_; }
  std::size_t getStopIndex() const override { return index_; }
  antlr4::TokenSource* getTokenSource() const override { return nullptr; }
  antlr4::CharStream* getInputStream() const override { return nullptr; }
  std::string toString() const override { return ""; }

 private:
  std::size_t type_;
  std::size_t index_;
};

// The words of one declaration, then the end.
class WordStream final : public antlr4::TokenStream {
 public:
  explicit WordStream(const std::vector<Token>& tokens) {
    words_.reserve(tokens.size());
    for (std::size_t i = 0; i < tokens.size(); ++i)
      words_.emplace_back(static_cast<std::size_t>(tokens[i].kind), i);
  }

  void set_range(std::size_t begin, std::size_t end) {
    begin_ = at_ = begin;
    end_ = end;
  }

  antlr4::Token* LT(ssize_t k) override {
    if (k < 0)
      return at_ - begin_ >= static_cast<std::size_t>(-k) ? &words_[at_ - static_cast<std::size_t>(-k)]
                                                          : nullptr;
    return get(at_ + static_cast<std::size_t>(k) - 1);
  }
  antlr4::Token* get(std::size_t index) const override { return index < end_ ? &words_[index] : &eof_; }
  std::size_t LA(ssize_t i) override { return LT(i)->getType(); }
  void consume() override { ++at_; }
  ssize_t mark() override { return 0; }
  void release(ssize_t) override {}
  std::size_t index() override { return at_; }
  void seek(std::size_t index) override { at_ = index; }
  std::size_t size() override { return end_; }
  std::string getSourceName() const override { return ""; }
  antlr4::TokenSource* getTokenSource() const override { return nullptr; }
  std::string getText(const antlr4::misc::Interval&) override { return ""; }
  std::string getText() override { return ""; }
  std::string getText(antlr4::RuleContext*) override { return ""; }
  std::string getText(antlr4::Token*, antlr4::Token*) override { return ""; }

 private:
  mutable std::vector<Word> words_;
  mutable Word eof_{antlr4::Token::EOF, 0};
  std::size_t begin_ = 0, end_ = 0, at_ = 0;
};

// Writes the concrete tree down while ANTLR reads.
class TreeWriter final : public antlr4::tree::ParseTreeListener {
 public:
  explicit TreeWriter(const std::vector<Token>& tokens) : tokens_(tokens) {}

  void clear(std::size_t first_word) {
    nodes.clear();
    open_.clear();
    last_ = first_word;
  }
  // Marks the innermost open rule of that kind.
  void fail() { nodes[open_.back()].failed = true; }

  void enterEveryRule(antlr4::ParserRuleContext* context) override {
    const auto index = static_cast<std::uint32_t>(nodes.size());
    open_.push_back(index);
    nodes.push_back({.rule = static_cast<Rule>(context->getRuleIndex())});
  }
  void exitEveryRule(antlr4::ParserRuleContext*) override {
    CstNode& node = nodes[open_.back()];
    const auto index = open_.back();
    open_.pop_back();
    node.next = static_cast<std::uint32_t>(nodes.size());
    if (node.next > index + 1) {
      node.begin = nodes[index + 1].begin;
      node.end = tokens_[last_].end;
    }
  }
  void word(std::size_t index) {
    last_ = index;
    const Token& token = tokens_[index];
    nodes.push_back({.kind = token.kind,
                     .next = static_cast<std::uint32_t>(nodes.size() + 1),
                     .begin = token.begin,
                     .end = token.end});
  }
  void visitTerminal(antlr4::tree::TerminalNode*) override {}
  void visitErrorNode(antlr4::tree::ErrorNode*) override {}

  Cst nodes;

 private:
  const std::vector<Token>& tokens_;
  std::vector<std::uint32_t> open_;
  std::size_t last_ = 0;
};

// Tells the tree of each word itself: ANTLR would make a node of it, and keep that.
class Parser final : public MotetParser {
 public:
  Parser(antlr4::TokenStream* stream, TreeWriter& tree) : MotetParser(stream), tree_(tree) {
    removeErrorListeners();
    setBuildParseTree(false);
    addParseListener(&tree_);
  }

  antlr4::Token* consume() override {
    antlr4::Token* token = getCurrentToken();
    if (token->getType() == EOF) return token;
    tree_.word(token->getTokenIndex());
    getInputStream()->consume();
    return token;
  }

 private:
  TreeWriter& tree_;
};

// Reads a declaration twice if need be: first only for success, in ANTLR's faster mode; then, if
// there is an error, to report it and to go on with the next item.
class Strategy final : public antlr4::ANTLRErrorStrategy {
 public:
  Strategy(const std::vector<Token>& tokens, std::uint32_t file, std::string_view text, TreeWriter& tree,
           Diagnostics& diagnostics)
      : tokens_(tokens), file_(file), text_(text), tree_(tree), diagnostics_(diagnostics) {}

  void begin(std::size_t first, std::size_t end, bool report) {
    begin_ = depth_at_ = first;
    end_ = end;
    report_ = report;
    reported_ = false;
    depth_ = 0;
  }

  void reset(antlr4::Parser*) override {}
  bool inErrorRecoveryMode(antlr4::Parser*) override { return false; }
  void reportMatch(antlr4::Parser*) override {}

  antlr4::Token* recoverInline(antlr4::Parser* parser) override {
    throw antlr4::InputMismatchException(parser);
  }

  // Called wherever a rule repeats or leaves something out: with all that fits in view, which the
  // rules above no longer have once this one has ended.
  void sync(antlr4::Parser* parser) override {
    if (!report_ || parser->getInputStream()->index() < first_error_ || checks_left_ == 0) return;
    --checks_left_;
    const auto word = parser->getInputStream()->LA(1);
    const auto expected = parser->getExpectedTokens();
    if (expected.contains(word)) return;
    if (rule(parser->getRuleContext()) != Rule::Block || word == antlr4::Token::EOF)
      throw antlr4::InputMismatchException(parser);
    const std::size_t at = parser->getInputStream()->index();
    add(parser, at);
    if (diagnostics_.errors() > Diagnostics::limit) throw antlr4::InputMismatchException(parser);
    skip_item(parser, at);
  }

  void reportError(antlr4::Parser* parser, const antlr4::RecognitionException& error) override {
    if (reported_) return;
    reported_ = true;
    const antlr4::Token* token = error.getOffendingToken();
    const bool at_end = token == nullptr || token->getType() == antlr4::Token::EOF;
    const std::size_t at = at_end ? end_ : token->getTokenIndex();
    if (report_) {
      add(parser, at);
    } else {
      first_error_ = parser->getInputStream()->index();
    }
  }

  void recover(antlr4::Parser* parser, std::exception_ptr error) override {
    const Rule current = rule(parser->getRuleContext());
    const bool stop = current == Rule::Item || current == Rule::Declaration;
    if (stop) tree_.fail();
    if (!report_ || !stop || diagnostics_.errors() > Diagnostics::limit) std::rethrow_exception(error);
    if (current == Rule::Item) {
      reported_ = false;
      skip_item(parser, parser->getRuleContext()->getStart()->getTokenIndex());
    }
  }

 private:
  static Rule rule(const antlr4::ParserRuleContext* context) {
    return static_cast<Rule>(context->getRuleIndex());
  }

  void add(antlr4::Parser* parser, std::size_t at) {
    SyntaxErrorContext context{tokens_, begin_, end_, at, {}, {}, file_, text_};
    for (const auto* rule_context = static_cast<antlr4::RuleContext*>(parser->getRuleContext()); rule_context;
         rule_context = static_cast<const antlr4::RuleContext*>(rule_context->parent))
      context.rules.insert(context.rules.begin(), static_cast<Rule>(rule_context->getRuleIndex()));
    for (const ssize_t type : parser->getExpectedTokens().toList())
      if (type > 0) context.expected.set(static_cast<std::size_t>(type));
    Diagnostic diagnostic = syntax_error(context);
    // At the end of a declaration an item and its block miss the same thing.
    if (!diagnostics_.all().empty()) {
      const Diagnostic& last = diagnostics_.all().back();
      if (last.primary.span == diagnostic.primary.span && last.message == diagnostic.message) return;
    }
    diagnostics_.add(std::move(diagnostic));
  }

  // From the item that began there to where the next one starts, or the block ends.
  void skip_item(antlr4::Parser* parser, std::size_t item) {
    antlr4::IntStream& stream = *parser->getInputStream();
    std::size_t at = stream.index();
    // `success when` and on the next line `end when`: the first word of an item was taken for a name.
    if (at > item + 1 && tokens_[at - 1].starts_item) --at;
    for (; at < end_; ++at) {
      const Token& token = tokens_[at];
      if (token.starts_item) break;
      if (depth(at) == 1 && (token.kind == TokenKind::Semi || token.kind == TokenKind::RBrace)) break;
    }
    stream.seek(at);
  }

  // How many brackets are open before a word of the declaration. Does not go back.
  int depth(std::size_t at) {
    for (; depth_at_ < at; ++depth_at_) {
      const Token& token = tokens_[depth_at_];
      if (token.starts_item) depth_ = 1;
      if (is_opening(token.kind)) ++depth_;
      if (is_closing(token.kind) && depth_ > 0) --depth_;
    }
    return depth_;
  }

  const std::vector<Token>& tokens_;
  std::uint32_t file_;
  std::string_view text_;
  TreeWriter& tree_;
  Diagnostics& diagnostics_;
  std::size_t begin_ = 0, end_ = 0;
  bool report_ = false;
  bool reported_ = false;
  std::size_t first_error_ = 0;
  int depth_ = 0;
  std::size_t depth_at_ = 0;
  int checks_left_ = 20'000;  // they are slow: a large file full of errors gets plainer messages
};

class DeclarationParser {
 public:
  DeclarationParser(const std::vector<Token>& tokens, std::uint32_t file, std::string_view text,
                    Diagnostics& diagnostics)
      : stream_(tokens),
        tree_(tokens),
        parser_(&stream_, tree_),
        strategy_(std::make_shared<Strategy>(tokens, file, text, tree_, diagnostics)) {
    parser_.setErrorHandler(strategy_);
  }

  const Cst& parse(const DeclarationRange& range) {
    if (!read(range, false)) {
      read(range, true);
      tree_.nodes.front().failed = true;
    }
    return tree_.nodes;
  }

 private:
  bool read(const DeclarationRange& range, bool report) {
    using antlr4::atn::PredictionMode;
    stream_.set_range(range.begin, range.end);
    parser_.reset();
    stream_.seek(range.begin);  // the parser's reset goes to 0
    tree_.clear(range.begin);
    strategy_->begin(range.begin, range.end, report);
    parser_.getInterpreter<antlr4::atn::ParserATNSimulator>()->setPredictionMode(
        report ? PredictionMode::LL : PredictionMode::SLL);
    try {
      parser_.declaration();
    } catch (const antlr4::RecognitionException&) {
      return false;
    }
    return !report;
  }

  WordStream stream_;
  TreeWriter tree_;
  Parser parser_;
  std::shared_ptr<Strategy> strategy_;
};

// What a declaration is called that could not be read.
void remember_broken(syntax::Module& module, const std::vector<Token>& tokens, const DeclarationRange& range,
                     std::string_view text) {
  if (range.begin + 1 >= range.end) return;
  const Token& name = tokens[range.begin + 1];
  if (!is_name(name.kind) || tokens[range.begin].kind == TokenKind::Import) return;
  module.broken.push_back(
      {std::string(text.substr(name.begin, name.end - name.begin)), {module.file, name.begin, name.end}});
}

void parse_valid(syntax::Module& module, const SourceMap& sources, Diagnostics& diagnostics,
                 const ParseLimits& limits) {
  const std::string_view text = sources.file(module.file).text();
  ByteStream bytes(text);
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  if (text.starts_with(byte_order_mark)) bytes.seek(byte_order_mark.size());
  std::vector<Token> tokens = refine_words(Lexer(&bytes, module, text).run(), text);
  const auto ranges = outline(tokens, sources, module.file, limits, diagnostics);
  DeclarationParser parser(tokens, module.file, text, diagnostics);
  for (const DeclarationRange& range : ranges) {
    if (diagnostics.errors() > Diagnostics::limit) return;
    std::optional<syntax::Declaration> declaration;
    if (!range.skip) declaration = build(parser.parse(range), {module.file, text, limits, diagnostics});
    if (declaration) {
      module.declarations.push_back(std::move(*declaration));
    } else {
      remember_broken(module, tokens, range, text);
    }
  }
}

}  // namespace

syntax::Module parse(const SourceMap& sources, std::uint32_t file, Diagnostics& diagnostics,
                     const ParseLimits& limits) {
  syntax::Module module;
  module.file = file;
  const std::string& text = sources.file(file).text();
  if (text.size() > limits.file_bytes) {
    diagnostics.add(
        {.code = Code::M0003,
         .message = "this file is larger than the limit of " + std::to_string(limits.file_bytes) + " bytes",
         .primary = {{file, 0, 0}, ""},
         .help = {"split it into modules and `import` them"}});
    return module;
  }
  if (const auto invalid = utf8::first_invalid(text)) {
    const auto offset = static_cast<std::uint32_t>(*invalid);
    diagnostics.add({.code = Code::M0002,
                     .message = "this file is not valid UTF-8",
                     .primary = {{file, offset, offset + 1}, "this byte is not part of a character"},
                     .help = {"save the file as UTF-8"}});
    return module;
  }
  try {
    parse_valid(module, sources, diagnostics, limits);
  } catch (const antlr4::RuntimeException& error) {
    // Not known to happen: the parser's own failures end here rather than in the caller.
    diagnostics.add({.code = Code::M0101,
                     .message = std::string("the parser gave up: ") + error.what(),
                     .primary = {{file, 0, 0}, ""}});
  }
  return module;
}

}  // namespace motet
