// The sentences of Motet. Every decision but two (`limit`, a slice) is made on one token of
// lookahead: ANTLR then predicts with a switch. Chains of operators are flat here, and get their
// precedence when the tree is built (see expression_builder.cpp).
parser grammar MotetParser;

options { tokenVocab = MotetLexer; }

// A comma before a closing bracket has been dropped by then.

// The unit of parsing: one declaration, cut out of the file (see outline.h).
declaration : (importing | let | reward | robot | world | skill) Semi* EOF;

importing : Import (path | String) (As name)?;
let : Let name parameters? Assign expression;
reward : Reward name parameters? Assign expression;
robot : Robot name block;
world : World name block;
skill : Skill name parameters?
        ( Over skillExpression (block | From String block?)
        | Assign skillExpression block?
        | From String block?
        | block );

parameters : LParen (name (Comma name)*)? RParen;
path : name (Dot Name)*;
name : Name | End | Success | Start | From | As | At | Per | Action | Rate | Torque;

block : LBrace (item | Semi)* RBrace;

// Which items a robot, a world and a skill may have is checked when the tree is built: any item
// reads well here, so that the message can say where it belongs.
item
  : Model expression
  | Observe expression (Comma expression)*
  | Act channel (Comma channel)*
  | Drive expression Assign expression
  | Control expression
  | Limit (Action Rate number (Per name)? | Torque number | expression In list)
  | Robot path
  | Scene String
  | Horizon expression
  | Sample name Assign expression
  | Reset expression (Assign | PlusAssign) expression
  | End When expression
  | Success When expression
  | Measure name Assign expression At name
  | In path
  | Maximize expression
  | Policy name settings?
  | Learn name settings?
  | Hold expression
  | Latent Per name
  | Prior name
  | Start From skillExpression
  ;

channel : name (LBracket Number RBracket)? (In list)?;
settings : LBrace (setting | Comma | Semi)* RBrace;
setting : name expression;

// One context an operand, not one a level of precedence: contexts are what a parse costs.
expression
  : operand
    ( ( Plus | Minus | Star | Slash | Caret | Less | LessEqual | Greater | GreaterEqual | Equal | NotEqual
      | And | Or ) operand )*
    (If chain Else chain)*
  ;
chain
  : operand
    ( ( Plus | Minus | Star | Slash | Caret | Less | LessEqual | Greater | GreaterEqual | Equal | NotEqual
      | And | Or ) operand )*
  ;
operand
  : (Minus | Not)*
    ( Number Unit?
    | String
    | True
    | False
    | (Name | End | Success | Start | From | As | At | Per | Action | Rate | Torque) arguments?
    | vector
    | list
    | history )
    (Dot Name arguments? | slice)*
  ;

number : Number Unit?;
arguments : LParen (argument (Comma argument)*)? RParen;
argument : ArgumentName? expression;
vector : LParen expression (Comma expression)* RParen;
list : LBracket (expression (Comma expression)*)? RBracket;
history : Last Number LBrace expression (Comma expression)* RBrace;
slice : LBracket (DotDot Number | Number (DotDot Number?)?) RBracket;

skillExpression : skillOperand ((Over | Pipe | Amp | Star) skillOperand)*;
skillOperand : number | path arguments? | LParen skillExpression RParen;
