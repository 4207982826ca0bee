// The words of Motet. The stream hands over bytes, so a character is a byte: outside comments and
// strings the language is ASCII.
lexer grammar MotetLexer;

// Never matched here: the parser gives these kinds to a Name by where it stands (see words.h).
tokens { Unit, ArgumentName }

// Declarations.
Import : 'import';
Let : 'let';
Robot : 'robot';
World : 'world';
Reward : 'reward';
Skill : 'skill';

// Items of blocks.
Model : 'model';
Observe : 'observe';
Act : 'act';
Drive : 'drive';
Control : 'control';
Limit : 'limit';
Scene : 'scene';
Horizon : 'horizon';
Sample : 'sample';
Reset : 'reset';
Measure : 'measure';
In : 'in';
Maximize : 'maximize';
Policy : 'policy';
Learn : 'learn';
Hold : 'hold';
Latent : 'latent';
Prior : 'prior';

// Reserved within expressions.
Over : 'over';
When : 'when';
Last : 'last';
If : 'if';
Else : 'else';
And : 'and';
Or : 'or';
Not : 'not';
True : 'true';
False : 'false';

// Words that are names as well, wherever a name can stand.
End : 'end';
Success : 'success';
Start : 'start';
From : 'from';
As : 'as';
At : 'at';
Per : 'per';
Action : 'action';
Rate : 'rate';
Torque : 'torque';

LBrace : '{';
RBrace : '}';
LParen : '(';
RParen : ')';
LBracket : '[';
RBracket : ']';
Comma : ',';
Semi : ';';
DotDot : '..';
Dot : '.';
Assign : '=';
PlusAssign : '+=';
Plus : '+';
Minus : '-';
Star : '*';
Slash : '/';
Caret : '^';
Less : '<';
LessEqual : '<=';
Greater : '>';
GreaterEqual : '>=';
Equal : '==';
NotEqual : '!=';
Amp : '&';
Pipe : '|';

Name : [A-Za-z_] [A-Za-z_0-9]*;

// With everything that is glued to it: what follows the digits is a suffix, a unit or a mistake, and
// the parser can say which.
Number : [0-9] [0-9_]* ('.' [0-9] [0-9_]*)? ([eE] [+-]? [0-9]+)? [A-Za-z_0-9]*;

String : '"' ~["\r\n]* '"';

Comment : '//' ~[\r\n]*;
Space : [ \t\r\n]+ -> skip;

// Mistakes, kept as words so that the parser can say what they are.
OpenString : '"' ~["\r\n]*;
Unknown : [\u0080-\u00FF]+ | . ;
